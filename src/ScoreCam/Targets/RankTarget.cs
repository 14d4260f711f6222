namespace ScoreCam.Targets;

/// <summary>The class at a rank of the prediction, 0 being the best.</summary>
internal sealed class RankTarget(int rank) : Target
{
    public override string Name => rank == 0 ? "predicted" : $"predicted, rank {rank + 1}";

    public override float Score(ReadOnlySpan<float> scores) => throw new InvalidOperationException($"The target '{Name}' has not been resolved.");

    public override Target Resolve(Prediction prediction)
    {
        int count = prediction.Logits.Length;
        if (rank >= count)
            throw new ArgumentOutOfRangeException(nameof(Target), rank + 1, $"The {rank + 1} best classes were asked for, and the network has {count}.");
        return new ClassTarget(prediction.Ranked(rank + 1)[rank]).Resolve(prediction);
    }
}
