"""Users, tokens and sign-ins: who may do what through the doors that are open to a network."""
