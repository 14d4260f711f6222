using System.Diagnostics;
using ScoreCam.Execution;

namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>What a sampler knows of the sweep that it steers.</summary>
internal sealed class Sweep
{
    /// <summary>Stands for the fully masked picture among the channels to score.</summary>
    public const int Fill = -1;

    private readonly EqualMasks _equal;
    // By the first channel of a mask: the one that was scored.
    private readonly int?[] _scored;

    public Sweep(ActivationMaps maps, MaskGenerator masks, PresetRules rules, int targets)
    {
        (Maps, Masks, Rules, Table) = (maps, masks, rules, new ScoreTable(maps.Channels, targets));
        (_equal, _scored) = (new EqualMasks(maps, rules.Mask), new int?[maps.Channels]);
        var channels = new List<int>(maps.Channels);
        NeedsFill = rules.Weights == WeightRule.IncreaseOverBaseline;
        for (int k = 0; k < maps.Channels; k++)
        {
            if (rules.SkipsDeadChannels && maps.IsDead(k))
                continue;
            if (masks.IsZero(k))
                NeedsFill = true;
            else
                channels.Add(k);
        }
        Channels = [.. channels];
    }

    public ActivationMaps Maps { get; }

    public MaskGenerator Masks { get; }

    public PresetRules Rules { get; }

    public ScoreTable Table { get; }

    /// <summary>Channels that have a mask of their own, in order.</summary>
    public int[] Channels { get; }

    /// <summary>The fully masked picture is scored too: for the channels whose mask is zero, or as the baseline.</summary>
    public bool NeedsFill { get; }

    /// <summary>The different masks of the channels, and the fully masked picture where it is needed.</summary>
    public int AllScored => Unscored(Channels).Length + (NeedsFill ? 1 : 0);

    /// <summary>The first channel with the mask of this one.</summary>
    public int FirstLike(int channel) => _equal.FirstLike(channel);

    /// <summary>Writes the mask of a channel, H × W: of equal ones always the same bits.</summary>
    public void GenerateMask(int channel, Span<float> scratch, Span<float> mask) => Masks.Generate(FirstLike(channel), scratch, mask);

    /// <summary>What is left to score of a round: one channel of each mask, and none whose mask was scored before.</summary>
    public int[] Unscored(int[] round) =>
        [.. round.DistinctBy(k => k == Fill ? Fill : FirstLike(k)).Where(k => k == Fill || _scored[FirstLike(k)] is null)];

    /// <summary>Notes which of the channels were scored, and gives their scores to those with the same masks.</summary>
    public void ShareScores(int[] channels)
    {
        foreach (int k in channels)
            if (k != Fill && !float.IsNaN(Table[0][k]))
                _scored[FirstLike(k)] ??= k;
        foreach (int k in channels)
            if (k != Fill && _scored[FirstLike(k)] is { } scored)
                Table.Copy(scored, k);
    }

    /// <summary>Score of each target on the unmasked picture.</summary>
    public required float[] WholePicture { get; init; }

    /// <summary>Maps keep their sign.</summary>
    public required bool Signed { get; init; }

    /// <summary>Runs since the explanation began.</summary>
    public required Stopwatch Elapsed { get; init; }

    /// <summary>Sweeps of the explanation that are still to be made, this one included: they share its time.</summary>
    public required int SweepsLeft { get; init; }
}
