using System.Buffers;
using System.Numerics.Tensors;

namespace ScoreCam.Targets;

/// <summary>A weighted sum of targets. It implements contrasts, sums and Finer-CAM.</summary>
internal sealed class WeightedTarget : Target
{
    private readonly (Target Target, float Weight)[] _terms;
    private readonly Func<string[], string>? _nameOf;

    /// <param name="name">The name of the sum. Resolving does not change it.</param>
    /// <param name="terms">The targets and their weights, summed in this order.</param>
    public WeightedTarget(string name, IEnumerable<(Target Target, float Weight)> terms) =>
        (Name, _terms) = (name, [.. terms]);

    /// <param name="nameOf">
    /// Builds the name from the names of the terms, which can change when they are resolved.
    /// </param>
    /// <param name="terms">The targets and their weights, summed in this order.</param>
    public WeightedTarget(Func<string[], string> nameOf, IEnumerable<(Target Target, float Weight)> terms)
    {
        (_nameOf, _terms) = (nameOf, [.. terms]);
        Name = nameOf([.. _terms.Select(term => term.Target.Name)]);
    }

    public override string Name { get; }

    public override float Score(ReadOnlySpan<float> scores)
    {
        float sum = 0;
        foreach ((Target target, float weight) in _terms)
            sum += weight * target.Score(scores);
        return sum;
    }

    public override void Gradient(ReadOnlySpan<float> scores, Span<float> destination)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(scores.Length);
        Span<float> one = rented.AsSpan(0, scores.Length);
        destination.Clear();
        foreach ((Target target, float weight) in _terms)
        {
            target.Gradient(scores, one);
            TensorPrimitives.MultiplyAdd(one, weight, destination, destination);
        }
        ArrayPool<float>.Shared.Return(rented);
    }

    public override Target Resolve(Prediction prediction)
    {
        IEnumerable<(Target, float)> resolved = _terms.Select(term => (term.Target.Resolve(prediction), term.Weight));
        return _nameOf is null ? new WeightedTarget(Name, resolved) : new WeightedTarget(_nameOf, resolved);
    }
}
