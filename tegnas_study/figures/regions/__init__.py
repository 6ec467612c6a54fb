"""Linear regions as the chapter on expressivity shows them: pieces of a curve, maps of the plane, and counts."""

from tegnas_study.figures.regions.counts import growth_of_regions as growth_of_regions
from tegnas_study.figures.regions.counts import regions_against_formula as regions_against_formula
from tegnas_study.figures.regions.counts import regions_by_samples as regions_by_samples
from tegnas_study.figures.regions.counts import regions_spread as regions_spread
from tegnas_study.figures.regions.maps import layer_maps as layer_maps
from tegnas_study.figures.regions.maps import pattern_images as pattern_images
from tegnas_study.figures.regions.maps import sampled_maps as sampled_maps
from tegnas_study.figures.regions.pieces import folded_curves as folded_curves
from tegnas_study.figures.regions.pieces import pieces as pieces
from tegnas_study.figures.regions.pieces import same_pieces as same_pieces
