"""The kiosk's camera: its interface (`api`), its station on the loop (`station`), a driver (`opencv`), a simulator (`sim`)."""
