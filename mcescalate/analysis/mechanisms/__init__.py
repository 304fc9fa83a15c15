"""What drives a crisis: who enters and why, when it ends, deterrence, inadvertence, wars."""
