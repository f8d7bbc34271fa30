"""Training and measuring the local engine on reference insights. Needs scikit-learn, which running it does not."""
