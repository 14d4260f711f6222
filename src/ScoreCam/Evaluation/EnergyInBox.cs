namespace ScoreCam.Evaluation;

/// <summary>
/// Energy-based pointing game (Wang et al., "Score-CAM", CVPRW 2020): the share of the map's sum that lies in the boxes of the class, which count as their
/// union. A blank map has none. 0…1, higher is better.
/// </summary>
public sealed class EnergyInBox : Metric
{
    private readonly bool _oneSmallBox;

    /// <summary>The metric.</summary>
    /// <param name="oneSmallBox">Whether only pictures count with a single box that covers less than half of the input, the paper's condition.</param>
    public EnergyInBox(bool oneSmallBox = false) => _oneSmallBox = oneSmallBox;

    /// <inheritdoc/>
    public override string Name => _oneSmallBox ? "energy-in-one-box" : "energy-in-box";

    /// <inheritdoc/>
    public override string Title => _oneSmallBox ? "Energy in box (one box, under half)" : "Energy in box";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool NeedsBoxes => true;

    private protected override MetricResult EvaluateCore(EvaluationCase evaluation, CancellationToken cancellationToken)
    {
        IReadOnlyList<Box> boxes = evaluation.BoxesOnInput();
        if (boxes.Count == 0 || (_oneSmallBox && (evaluation.Boxes.Count > 1 || boxes[0].Area >= 0.5 * evaluation.Image.Width * evaluation.Image.Height)))
            return new();
        ReadOnlySpan<float> map = evaluation.Map.Values;
        bool[] inside = evaluation.InBoxes();
        double sum = 0, energy = 0;
        for (int i = 0; i < map.Length; i++)
        {
            sum += map[i];
            energy += inside[i] ? map[i] : 0;
        }
        return new() { Value = sum == 0 ? 0 : energy / sum };
    }
}
