"""Commands that only look: versions, resources, documentation, permissions, configuration, help."""

import json

import pytest


class TestServer:
    def test_version(self, console):
        assert console.run("version").out.startswith("Client Version: v1.")
        found = json.loads(console.run("version -o json").out)
        assert list(found) == ["clientVersion", "kustomizeVersion", "serverVersion"]
        assert list(found["serverVersion"])[:2] == ["major", "minor"]
        assert "serverVersion" not in console.run("version --client -o yaml").out
        assert console.run("version x").err == "error: extra arguments: [x]\n"
        assert console.run("version -o x").err == "error: --output must be 'yaml' or 'json'\n"

    def test_resources(self, console):
        lines = console.run("api-resources").out.splitlines()
        assert lines[0].split() == ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]
        pods = next(line for line in lines if line.startswith("pods "))
        assert pods.split() == ["pods", "po", "v1", "true", "Pod"]
        names = console.run("api-resources -o name").out.split()
        assert "deployments.apps" in names and "pods" in names
        assert "pods" not in console.run("api-resources --namespaced=false -o name").out.split()
        apps = console.run("api-resources --api-group=apps --no-headers").out
        assert [line.split()[0] for line in apps.splitlines()] == [
            "controllerrevisions",
            "daemonsets",
            "deployments",
            "replicasets",
            "statefulsets",
        ]
        assert "apps/v1" in console.run("api-versions").out.split()

    def test_cluster_info(self, console):
        out = console.run("cluster-info").out
        assert "Kubernetes control plane" in out and "is running at" in out
        assert "kubectl cluster-info dump" in out
        assert '"kind": "NodeList"' in console.run("cluster-info dump").out

    def test_there_are_no_metrics(self, console):
        for line in ("top pods", "top nodes"):
            assert console.run(line).err == "error: Metrics API not available\n"

    def test_requests_to_any_path(self, console):
        assert console.run("get --raw /healthz").out == "ok"
        assert json.loads(console.run("get --raw /api").out)["kind"] == "APIVersions"
        console.write("cm.json", '{"metadata":{"name":"raw"}}')
        path = "/api/v1/namespaces/default/configmaps"
        assert '"uid"' in console.run(f"create --raw {path} -f cm.json").out
        assert console.run("get cm raw -o name").out == "configmap/raw\n"
        assert console.run(f"delete --raw {path}/raw").code == 0
        assert console.run("get cm raw").code == 1

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            (
                "get --raw nope",
                'error: --raw must be a valid URL path: parse "nope": invalid URI for request\n',
            ),
            (
                "get --raw /nope",
                "Error from server (NotFound): the server could not find the requested resource\n",
            ),
            ("get --raw /api -o json", "error: --raw and --output are mutually exclusive\n"),
            (
                "create --raw /api -f a -f b",
                "error: --raw can only use a single local file or stdin\n",
            ),
            ("delete --raw /api -f http://x", "error: --raw cannot read from a url\n"),
        ],
    )
    def test_raw_refusals(self, console, line, err):
        assert console.run(line).err == err


class TestExplain:
    def test_a_kind(self, console):
        out = console.run("explain deployments").out
        assert out.startswith("GROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n\n")
        assert "\nFIELDS:\n  apiVersion\t<string>\n" in out
        assert "  spec\t<DeploymentSpec>" in out

    def test_a_field(self, console):
        out = console.run("explain pod.spec.containers.image").out
        assert out.startswith("KIND:       Pod\nVERSION:    v1\n\nFIELD: image <string>\n\n")

    def test_all_the_fields_below(self, console):
        out = console.run("explain deploy.spec --recursive").out
        assert "\n    spec\t<PodSpec>\n" in out
        assert "\n      containers\t<[]Container> -required-\n" in out
        shallow = console.run("explain deploy.spec --recursive --max-depth=1").out
        assert "containers" not in shallow

    @pytest.mark.parametrize(
        ("line", "out", "err"),
        [
            ("nope", "", 'the server doesn\'t have a resource type "nope"\n'),
            (
                "pod.nope",
                "KIND:       Pod\nVERSION:    v1\n\n",
                'error: field "nope" does not exist\n',
            ),
            (
                "deploy --api-version=apps/v9",
                "",
                'error: couldn\'t find resource for "apps/v9, Resource=deployments"\n',
            ),
            ("a b", "", "error: We accept only this format: explain RESOURCE\n"),
            ("pod --max-depth=1", "", "error: --max-depth requires --recursive\n"),
        ],
    )
    def test_refusals(self, console, line, out, err):
        result = console.run(f"explain {line}")
        assert (result.code, result.out, result.err) == (1, out, err)


class TestAuth:
    @pytest.mark.parametrize(
        ("line", "code", "out"),
        [
            ("can-i create pods", 0, "yes\n"),
            ("can-i create pods --as=bob", 1, "no\n"),
            ("can-i get pods/log", 0, "yes\n"),
            ("can-i get /healthz", 0, "yes\n"),
            ("can-i create pods -q --as=bob", 1, ""),
            ("can-i '*' '*'", 0, "yes\n"),
        ],
    )
    def test_can_i(self, console, line, code, out):
        result = console.run(f"auth {line}")
        assert (result.code, result.out) == (code, out)

    def test_what_is_allowed(self, console):
        out = console.run("auth can-i --list --as=system:serviceaccount:default:default").out
        assert out.startswith("Resources ")
        assert "selfsubjectaccessreviews.authorization.k8s.io" in out

    def test_who_am_i(self, console):
        out = console.run("auth whoami").out
        assert out.startswith("ATTRIBUTE   VALUE\nUsername    kubernetes-admin\nGroups      [")

    def test_impersonation_is_refused_as_by_the_server(self, console):
        assert console.run("get pods --as=bob").err == (
            'Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource '
            '"pods" in API group "" in the namespace "default"\n'
        )


class TestConfig:
    def test_the_namespace_of_the_context(self, console):
        console.run("create ns there")
        out = console.run("config set-context --current --namespace=there").out
        assert out == 'Context "kubernetes-admin@podyard" modified.\n'
        console.run("create cm here")
        assert console.run("get cm here -o jsonpath={.metadata.namespace}").out == "there"
        assert "there\n" in console.run("config get-contexts").out
        assert "namespace: there" in console.run("config view --minify").out

    def test_contexts(self, console):
        assert console.run("config current-context").out == "kubernetes-admin@podyard\n"
        run = console.run
        assert run("config set-context dev --cluster=podyard").out == 'Context "dev" created.\n'
        assert run("config get-contexts -o name").out == "dev\nkubernetes-admin@podyard\n"
        assert run("config use-context dev").out == 'Switched to context "dev".\n'
        assert run("config rename-context dev prod").out == 'Context "dev" renamed to "prod".\n'
        assert run("config current-context").out == "prod\n"
        assert run("config delete-context prod").out == (
            "deleted context prod from /root/.kube/config\n"
        )

    def test_clusters_and_users(self, console):
        run = console.run
        assert run("config set-cluster c --server=https://c").out == 'Cluster "c" set.\n'
        assert run("config set-credentials u --token=t").out == 'User "u" set.\n'
        assert run("config get-clusters").out == "NAME\nc\npodyard\n"
        assert run("config get-users").out == "NAME\nkubernetes-admin\nu\n"
        assert "token: REDACTED" in run("config view").out
        assert "token: t" in run("config view --raw").out
        assert run("config unset users.u").out == 'Property "users.u" unset.\n'
        assert run("config set clusters.c.server https://d").out == (
            'Property "clusters.c.server" set.\n'
        )
        assert run("config view -o jsonpath={.clusters[0].cluster.server}").out == "https://d"

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("config use-context nope", 'error: no context exists with the name: "nope"\n'),
            ("config get-contexts nope", "error: context nope not found\n"),
            (
                "config set-context",
                "error: you must specify a non-empty context name or --current\n",
            ),
            (
                "get pods --context=nope",
                "Error in configuration: context was not found for specified context: nope\n",
            ),
            ("get pods --user=nope", 'error: auth info "nope" does not exist\n'),
            ("get pods --cluster=nope", 'error: no server found for cluster "nope"\n'),
            (
                "get pods --server=http://other:1",
                "The connection to the server other:1 was refused - did you specify the right "
                "host or port?\n",
            ),
            ("get pods --kubeconfig=/nope", "error: stat /nope: no such file or directory\n"),
        ],
    )
    def test_refusals(self, console, line, err):
        result = console.run(line)
        assert (result.code, result.err) == (1, err)

    def test_without_a_context_there_is_no_server(self, console):
        console.run("config unset current-context")
        assert console.run("get pods").err == (
            "The connection to the server localhost:8080 was refused - did you specify the right "
            "host or port?\n"
        )

    def test_another_server_is_not_there(self, console):
        console.run("config set-cluster podyard --server=https://elsewhere:1234")
        assert console.run("get pods").err == (
            "The connection to the server elsewhere:1234 was refused - did you specify the right "
            "host or port?\n"
        )

    def test_a_wrong_call_shows_the_help_first(self, console):
        result = console.run("config set nope")
        assert result.out.startswith("Set an individual value in a kubeconfig file.\n")
        assert result.err == "error: Unexpected args: [nope]\n"
        result = console.run("config delete-context")
        assert (result.code, result.err) == (0, "")

    def test_the_file_is_kept_private(self, console):
        console.run("config set-context dev --cluster=podyard")
        assert b"current-context: kubernetes-admin@podyard" in console.files["/root/.kube/config"]


class TestHelp:
    def test_alone(self, console):
        result = console.run("")
        assert result.code == 0
        assert result.out.startswith("kubectl controls the Kubernetes cluster manager.\n")
        for title in ("Basic Commands (Beginner):", "Deploy Commands:", "Other Commands:"):
            assert f"\n{title}\n" in result.out

    @pytest.mark.parametrize(
        "line", ["get", "create deployment", "rollout undo", "config view", "auth can-i"]
    )
    def test_a_command(self, console, line):
        result = console.run(f"{line} --help")
        assert result.code == 0
        for part in ("\nExamples:\n", "\nOptions:\n", f"\nUsage:\n  kubectl {line} "):
            assert part in result.out
        assert console.run(f"{line} -h").out == result.out
        assert console.run(f"help {line}").out == result.out

    def test_topics(self, console):
        assert console.run("help").out == console.run("").out
        assert console.run("help nope").err == "Unknown help topic [`nope`]\n"

    @pytest.mark.parametrize(
        ("line", "code", "stream"),
        [
            ("rollout", 1, "out"),
            ("set", 1, "err"),
            ("create service", 1, "err"),
            ("config", 1, "err"),
            ("certificate", 0, "out"),
        ],
    )
    def test_a_group_alone(self, console, line, code, stream):
        result = console.run(line)
        assert result.code == code
        assert "\nAvailable Commands:\n" in getattr(result, stream)
        assert getattr(result, {"out": "err", "err": "out"}[stream]) == ""

    def test_options(self, console):
        out = console.run("options").out
        assert out.startswith("The following options can be passed to any command:\n")
        assert "    -n, --namespace='':\n" in out

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            (
                "gte pods",
                'error: unknown command "gte" for "kubectl"\n\nDid you mean this?\n\tget\n',
            ),
            ("xyzzy", 'error: unknown command "xyzzy" for "kubectl"\n'),
            (
                "rollout nope",
                "error: unknown command \"nope\"\nSee 'kubectl rollout -h' for help and examples\n",
            ),
            (
                "get pods --nope",
                "error: unknown flag: --nope\nSee 'kubectl get --help' for usage.\n",
            ),
            (
                "get pods -Z",
                "error: unknown shorthand flag: 'Z' in -Z\nSee 'kubectl get --help' for usage.\n",
            ),
            (
                "get pods -n",
                "error: flag needs an argument: 'n' in -n\nSee 'kubectl get --help' for usage.\n",
            ),
        ],
    )
    def test_wrong_calls(self, console, line, err):
        result = console.run(line)
        assert (result.code, result.out, result.err) == (1, "", err)

    def test_plugins_and_completion(self, console):
        assert console.run("plugin list").err == (
            "error: unable to find any kubectl plugins in your PATH\n"
        )
        assert console.run("completion bash").code == 0
        assert console.run("proxy").code == 1


class TestCompletion:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("rol", ["rollout"]),
            ("rollout re", ["restart", "resume"]),
            ("create dep", ["deployment"]),
            ("get deploym", ["deployments.apps"]),
            ("get pod lo", ["lone"]),
            ("describe pod/lo", ["pod/lone"]),
            ("delete deploy we", ["web"]),
            ("get pods -n kube-s", ["kube-system"]),
            ("get pods --names", ["--namespace"]),
            ("get pods -o js", ["json", "jsonpath", "jsonpath-as-json", "jsonpath-file"]),
            ("logs lo", ["lone"]),
            ("exec lo", ["lone"]),
            ("logs lone -c ", ["lone"]),
            ("config use-context k", ["kubernetes-admin@podyard"]),
            ("scale deploy we", ["web"]),
            ("rollout status deploy we", ["web"]),
            ("cordon node-", ["node-1", "node-2", "node-3"]),
            ("nope x", []),
        ],
    )
    def test_words(self, web, words, found):
        *before, last = words.split(" ")
        line = " ".join(["__complete", *before, f"'{last}'"])
        result = web.run(line)
        assert result.code == 0
        shown = [entry.split("\t")[0] for entry in result.out.splitlines()]
        for word in found:
            assert word in shown
        if not found:
            assert shown[:-1] == []
