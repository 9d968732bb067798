"""What a caller means: intent, scope, category, place, numbers. No Rasa, no scikit-learn.

Training alone (``nlu.understanding.training``) needs scikit-learn, which Rasa's environment has.
"""
