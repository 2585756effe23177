"""What happens to machines: connections lost, servers killed, disks full, clocks set back, jobs from before."""
