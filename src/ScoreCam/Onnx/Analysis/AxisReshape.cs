namespace ScoreCam.Onnx.Analysis;

/// <summary>Determines the axes of a tensor after its values were reshaped, row by row.</summary>
internal static class AxisReshape
{
    /// <param name="axes">The axes before the reshape.</param>
    /// <param name="from">Their sizes.</param>
    /// <param name="to">The sizes after the reshape, with the same number of values.</param>
    public static Axis[] Apply(IReadOnlyList<Axis> axes, IReadOnlyList<long> from, IReadOnlyList<long> to)
    {
        var result = new Axis[to.Count];
        int i = 0, j = 0;
        // Both shapes are divided into the same groups of axes with the same number of values.
        while (i < from.Count || j < to.Count)
        {
            int firstIn = i, firstOut = j;
            long before = i < from.Count ? from[i++] : 1, after = j < to.Count ? to[j++] : 1;
            while (before != after)
            {
                if (before < after && i < from.Count)
                    before *= from[i++];
                else if (after < before && j < to.Count)
                    after *= to[j++];
                else
                    break;
            }
            Group(axes.Skip(firstIn).Take(i - firstIn), to, firstOut, j, result);
        }
        return result;
    }

    private static void Group(IEnumerable<Axis> axes, IReadOnlyList<long> to, int first, int end, Axis[] result)
    {
        Axis[] inside = [.. axes];
        // Tokens with a class token before them can be moved as a whole, but not split.
        Axis[] long_ = [.. inside.Where(a => a.Factors.Count > 0)];
        if (long_ is [{ Prefix: > 0 } prefixed])
        {
            int at = Enumerable.Range(first, end - first).OrderByDescending(k => to[k]).FirstOrDefault(first);
            bool whole = Enumerable.Range(first, end - first).All(k => k == at || to[k] == 1);
            for (int k = first; k < end; k++)
                result[k] = whole ? (k == at ? prefixed : Axis.One) : Axis.New(to[k], positions: true);
            return;
        }
        var factors = new Stack<Factor>(inside.SelectMany(a => a.Factors).Reverse());
        bool positions = inside.Any(a => a.HasPositions), lost = inside.Any(a => a.Prefix > 0);
        for (int k = first; k < end; k++)
        {
            List<Factor>? taken = lost ? null : Take(factors, to[k], k == end - 1);
            result[k] = taken is null ? Axis.New(to[k], positions) : new Axis(Joined(taken));
        }
    }

    /// <summary>Takes the slowest factors whose sizes have this product; null if there are none.</summary>
    private static List<Factor>? Take(Stack<Factor> factors, long size, bool last)
    {
        List<Factor> taken = [];
        while (factors.Count > 0)
        {
            // A row or column with one index is kept, so that its position is known.
            bool isOneRow = taken.Count == 0 && factors.Peek() is { Size: 1, Of.IsPosition: true };
            if (size == 1 && !last && !isOneRow)
                break;
            Factor factor = factors.Pop();
            if (size % factor.Size == 0)
            {
                size /= factor.Size;
                taken.Add(factor);
                if (size == 1 && !last)
                    break;
            }
            else if (size > 1 && factor.Size % size == 0)
            {
                long inner = factor.Size / size;
                taken.Add(factor with { Size = size, Stride = factor.Stride * inner });
                factors.Push(factor with { Size = inner });
                size = 1;
                break;
            }
            else
            {
                return null;
            }
        }
        return size == 1 ? taken : null;
    }

    /// <summary>Joins factors that follow each other in the same dimension.</summary>
    private static List<Factor> Joined(List<Factor> factors)
    {
        List<Factor> joined = [];
        foreach (Factor factor in factors)
            if (joined.Count > 0 && Follows(joined[^1], factor))
                joined[^1] = factor with { Size = joined[^1].Size * factor.Size };
            else
                joined.Add(factor);
        return joined;
    }

    private static bool Follows(Factor outer, Factor inner) =>
        outer.Of == inner.Of && outer.Stride == inner.Size * inner.Stride;
}
