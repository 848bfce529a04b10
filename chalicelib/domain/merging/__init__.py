"""From records to what is said: who owns which field, and what an overlay needs of other things."""
