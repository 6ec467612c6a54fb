"""Training networks, for rewards that indicators want to replace."""

from tegnas_study.training.one_epoch import Trained as Trained
from tegnas_study.training.one_epoch import train_one_epoch as train_one_epoch
