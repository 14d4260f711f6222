using ScoreCam.Targets;

namespace ScoreCam.Methods.ScoreCam;

/// <summary>The differences between the published forms of Score-CAM, as switches.</summary>
internal sealed record PresetRules
{
    /// <summary>The value to read for a target.</summary>
    public ScoredValue Scored { get; init; } = ScoredValue.Logit;

    /// <summary>Whether the score of the inverted mask is subtracted from the score of the mask.</summary>
    public bool TwoSided { get; init; }

    /// <summary>The variants of each mask. The mean of their scores is used.</summary>
    public MaskAveraging Averaging { get; init; } = MaskAveraging.None;

    /// <summary>The number of network passes for the score of one channel.</summary>
    public int PassesPerScore => (TwoSided ? 2 : 1) * Averaging.Count;

    public WeightRule Weights { get; init; } = WeightRule.Softmax;

    public MaskRule Mask { get; init; } = MaskRule.UpsampleThenMinMax;

    /// <summary>Whether channels with a constant activation map are left out of the sum and not scored.</summary>
    public bool SkipsDeadChannels { get; init; }

    public SumRule Sum { get; init; } = SumRule.Activations;

    public MapRule Map { get; init; } = MapRule.UpsampleThenMinMax;

    public static PresetRules Of(ScoreCamPreset preset) => preset switch
    {
        ScoreCamPreset.Paper => new(),
        ScoreCamPreset.Official => new()
        {
            Scored = ScoredValue.Probability,
            Weights = WeightRule.Score,
            SkipsDeadChannels = true,
            Sum = SumRule.UpsampledActivations,
        },
        ScoreCamPreset.PytorchGradCam => new()
        {
            Mask = MaskRule.AlignCornersThenMinMax,
            Map = MapRule.MinMaxUpsampleMinMax,
        },
        ScoreCamPreset.TorchCam => new() { Mask = MaskRule.MinMaxThenUpsample, Map = MapRule.MinMaxOnly },
        ScoreCamPreset.IncreaseOfConfidence => new()
        {
            Scored = ScoredValue.Probability,
            Weights = WeightRule.IncreaseOverBaseline,
        },
        ScoreCamPreset.ScoreCamPlusPlus => new()
        {
            Scored = ScoredValue.Probability,
            Weights = WeightRule.Score,
            Mask = MaskRule.Tanh,
            Sum = SumRule.TanhOfUpsampledActivations,
        },
        _ => throw new ArgumentOutOfRangeException(
            nameof(preset),
            preset,
            $"Unknown preset; known are {string.Join(", ", Enum.GetNames<ScoreCamPreset>())}."),
    };
}

/// <summary>The rule for computing channel weights from channel scores.</summary>
internal enum WeightRule
{
    /// <summary>Softmax over channels.</summary>
    Softmax,

    /// <summary>The score itself.</summary>
    Score,

    /// <summary>The score minus the score of the fully masked picture.</summary>
    IncreaseOverBaseline,
}

/// <summary>The rule for computing a mask from an activation map.</summary>
internal enum MaskRule
{
    /// <summary>Half-pixel upsampling, then min–max.</summary>
    UpsampleThenMinMax,

    /// <summary>Align-corners upsampling, then min–max with ε 1e-8.</summary>
    AlignCornersThenMinMax,

    /// <summary>Min–max with ε 1e-8, then half-pixel upsampling.</summary>
    MinMaxThenUpsample,

    /// <summary>tanh of the half-pixel upsampled map.</summary>
    Tanh,
}

/// <summary>The maps that are summed, and the resolution of the sum.</summary>
internal enum SumRule
{
    /// <summary>The raw activation maps, at their own resolution.</summary>
    Activations,

    /// <summary>The upsampled activation maps, at input resolution.</summary>
    UpsampledActivations,

    /// <summary>tanh of the upsampled activation maps, at input resolution.</summary>
    TanhOfUpsampledActivations,
}
