using ScoreCam.Fuzz.Targets;

namespace ScoreCam.Fuzz;

/// <summary>Every reader of untrusted files.</summary>
public static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
        [new GraphTarget(), new RewriteTarget(), new NpyTarget(), new ExplanationTarget(), new LabelsTarget(),
            new PreprocessorTarget(), new BoxesTarget(), new PictureTarget()];
}
