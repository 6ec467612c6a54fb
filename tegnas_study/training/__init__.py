"""Training networks: one epoch as a reward, and whole trainings by the recipes of the literature."""

from tegnas_study.training.one_epoch import Trained as Trained
from tegnas_study.training.one_epoch import train_one_epoch as train_one_epoch
