"""Code lists: those that ship with the project, and those that a plan loads under its own licences."""
