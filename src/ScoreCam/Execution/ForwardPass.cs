namespace ScoreCam.Execution;

/// <summary>What one run on the unmasked picture gave: the activations of a layer and the scores.</summary>
internal sealed record ForwardPass(LayerInfo Layer, ActivationMaps Maps, ScoreHead Head, float[] Values);
