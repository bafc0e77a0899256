"""What a week of decisions comes to: who is paid what, what is taken back, and what is carried on."""
