"""agnhost, the test image of Kubernetes: one module per subcommand or small family of them.

Models: test/images/agnhost (v1.37.2): its flags, its answers, its texts. It speaks no TLS, SCTP or
UDP; a datagram goes over the simulated network as a request of the method DATAGRAM.
"""
