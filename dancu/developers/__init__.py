"""The portal of agencies' developers: what can be asked, how, and a sandbox to try it at once."""
