"""What can be done with classrooms: rooms, seats, students, and a teacher's acts on all of them."""
