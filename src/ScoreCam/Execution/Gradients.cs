using System.Numerics.Tensors;
using ScoreCam.Numerics;
using ScoreCam.Onnx.Runtime;
using ScoreCam.Targets;

namespace ScoreCam.Execution;

/// <summary>
/// Computes gradients of targets with respect to the activations of a layer or to the picture, in batches on the shared
/// workers. Each target is a row of a batch, so all targets share the runs.
/// </summary>
internal sealed class Gradients(Network network, IReadOnlyList<Target> targets, RunContext run)
{
    private readonly ScoreHead _head = network.Head;

    /// <summary>Returns dS/dA for each target.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="pass">Its forward pass: the layer, its activations A, and the scores.</param>
    /// <exception cref="ArgumentException">A target has no gradient.</exception>
    /// <exception cref="UnsupportedModelException">An operator after the layer has no gradient.</exception>
    public ActivationMaps[] OfLayer(NetworkInput picture, ForwardPass pass)
    {
        LayerInfo layer = pass.Layer;
        TensorLayout layout = network.Layers.LayoutOf(layer.Name);
        float[][] seeds = [.. targets.Select(target => Seed(target, pass.Values))];
        var key = new GradientKey(layer, IsGuided: false, picture.Height, picture.Width);
        using SessionCache<GradientKey, CutGradients>.Lease lease = network.RentGradients(key);
        (GradientSession session, bool isTail) = lease.Session;

        int length = isTail ? pass.Maps.Values.Length : picture.Length;
        var one = new float[length];
        if (isTail)
            Planes.Write(pass.Maps.Values, layout, layer.Channels, one);
        else
            picture.Write(one);
        var gradients = new ActivationMaps[targets.Count];
        run.Expect(targets.Count);
        InBatches(targets.Count, session.BatchSize, (first, count) =>
        {
            float[] pictures = Joined([.. Enumerable.Repeat(one, count)]), rows = Joined(seeds.AsSpan(first, count));
            TensorBatch result = session.Run(run.Options, pictures, rows, count).Gradients[0];
            for (int i = 0; i < count; i++)
            {
                float[] planes = Planes.Of(layer, result[i]);
                gradients[first + i] =
                    new ActivationMaps(layer.Name, planes, layer.Channels, layer.Height, layer.Width);
            }
        });
        return gradients;
    }

    /// <summary>Computes dS/dX for each target on any number of pictures.</summary>
    /// <param name="size">A picture of the same size as all pictures.</param>
    /// <param name="values">
    /// The network's values for one of the pictures, as an initial guess for nonlinear targets.
    /// </param>
    /// <param name="count">The number of pictures.</param>
    /// <param name="isGuided">Whether to use guided backpropagation.</param>
    /// <param name="write">Writes one picture, channels × height × width. Called from several threads.</param>
    /// <param name="read">Receives the gradients.</param>
    /// <param name="isExpected">Whether these gradients were already announced to the run context.</param>
    /// <exception cref="ArgumentException">A target has no gradient.</exception>
    /// <exception cref="UnsupportedModelException">An operator of the network has no gradient.</exception>
    public void OfPictures(
        NetworkInput size,
        ReadOnlySpan<float> values,
        int count,
        bool isGuided,
        Action<int, Span<float>> write,
        Action<int, int, float, float[]> read,
        bool isExpected = false)
    {
        float[][] guesses = new float[targets.Count][];
        for (int t = 0; t < guesses.Length; t++)
            guesses[t] = Seed(targets[t], values);
        var key = new GradientKey(null, isGuided, size.Height, size.Width);
        using SessionCache<GradientKey, CutGradients>.Lease lease = network.RentGradients(key);
        GradientSession session = lease.Session.Session;
        if (isGuided && session.GuidedNodes == 0)
            throw new UnsupportedModelException(
                "Guided backpropagation changes the gradient at Relu, and the network has none: it would be the plain "
                + "gradient. Choose another method.");

        int rows = count * targets.Count;
        if (!isExpected)
            run.Expect(rows);
        // A few batches per worker at a time, because their gradients are kept until they are read in order.
        int most = 2 * session.BatchSize * Math.Min(network.Pool.Workers, WorkerPool.Shared.Size);
        for (int start = 0; start < rows; start += most)
        {
            var done = new (float Score, float[] Gradient)[Math.Min(most, rows - start)];
            InBatches(done.Length, session.BatchSize, (first, number) =>
            {
                int begin = start + first;
                RowsOf(session, size, begin, number, guesses, write).CopyTo(done, first);
            });
            for (int i = 0; i < done.Length; i++)
                read((start + i) / targets.Count, (start + i) % targets.Count, done[i].Score, done[i].Gradient);
        }
    }

    /// <summary>
    /// Computes dS/dX for each target on one picture, and b ⊙ dS/dz for each bias b of the network, where z is the
    /// tensor to which b is added.
    /// </summary>
    /// <param name="picture">The picture.</param>
    /// <param name="values">The network's values for the picture, as an initial guess for nonlinear targets.</param>
    /// <param name="read">Receives the gradients of one target.</param>
    /// <exception cref="ArgumentException">A target has no gradient.</exception>
    /// <exception cref="UnsupportedModelException">
    /// An operator of the network has no gradient, or the network has no biases.
    /// </exception>
    public void WithBiases(NetworkInput picture, float[] values, Action<int, BiasedGradient> read)
    {
        var key = new GradientKey(null, IsGuided: false, picture.Height, picture.Width, WithBiases: true);
        using SessionCache<GradientKey, CutGradients>.Lease lease = network.RentGradients(key);
        GradientSession session = lease.Session.Session;
        string[] tensors = [.. session.BiasedTensors];
        if (tensors.Length == 0)
            throw new UnsupportedModelException(
                "FullGrad adds the gradients of the network's biases to those of the picture, and this network has no "
                + "biases. Choose gradient × input, which is the same here.");
        var one = new float[picture.Length];
        picture.Write(one);
        run.Expect(targets.Count);
        for (int t = 0; t < targets.Count; t++)
        {
            BiasedGradient? gradient = null;
            InBatches(1, 1, (_, _) => gradient = Biased(session, tensors, picture, one, t, values));
            read(t, gradient!);
        }
    }

    private BiasedGradient Biased(
        GradientSession session, string[] tensors, NetworkInput picture, float[] one, int target, float[] guess)
    {
        float[] seed = Seed(targets[target], guess);
        GradientRun result = RunSeeded(session, one, seed, target, 1);
        ReadOnlySpan<float> values = result.Logits[0];
        var biases = new BiasTerm[tensors.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            ReadOnlySpan<float> term = result.Biases[i][0];
            double sum = 0;
            foreach (float value in term)
                sum += value;
            LayerInfo? layer = network.Layers.TryDescribe(
                tensors[i], result.Biases[i].Shape, (picture.Height, picture.Width));
            biases[i] = new(sum, layer is null ? null : new ActivationMaps(
                layer.Name, Planes.Of(layer, term), layer.Channels, layer.Height, layer.Width));
        }
        ImageInput input = network.Input;
        return new(
            TensorPrimitives.Dot(seed, values),
            Planes.From(result.Gradients[0][0], input.Layout, input.Channels),
            biases);
    }

    private (float Score, float[] Gradient)[] RowsOf(
        GradientSession session,
        NetworkInput size,
        int begin,
        int count,
        float[][] guesses,
        Action<int, Span<float>> write)
    {
        ImageInput input = network.Input;
        var (planes, pictures) = (new float[size.Length], new float[count * size.Length]);
        var seeds = new float[count * session.Values];
        for (int i = 0; i < count; i++)
        {
            write((begin + i) / targets.Count, planes);
            Planes.Write(planes, input.Layout, input.Channels, pictures.AsSpan(i * size.Length, size.Length));
            guesses[(begin + i) % targets.Count].CopyTo(seeds.AsSpan(i * session.Values));
        }
        GradientRun result = RunSeeded(session, pictures, seeds, begin, count);
        var logits = new float[_head.Classes];
        var rows = new (float, float[])[count];
        for (int i = 0; i < count; i++)
        {
            _head.Logits(result.Logits[i], logits);
            float score = TargetScorer.ScoreOf(targets[(begin + i) % targets.Count], logits);
            rows[i] = (score, Planes.From(result.Gradients[0][i], input.Layout, input.Channels));
        }
        return rows;
    }

    /// <summary>Runs a batch with guessed seeds, and runs it again with the correct seeds if they differ.</summary>
    private GradientRun RunSeeded(GradientSession session, float[] pictures, float[] seeds, int begin, int count)
    {
        GradientRun result = session.Run(run.Options, pictures, seeds, count);
        // The gradient of a nonlinear target depends on the logits, which are known only after the run.
        bool guessed = true;
        for (int i = 0; i < count; i++)
        {
            float[] seed = Seed(targets[(begin + i) % targets.Count], result.Logits[i]);
            guessed &= seeds.AsSpan(i * session.Values, session.Values).SequenceEqual(seed);
            seed.CopyTo(seeds.AsSpan(i * session.Values));
        }
        return guessed ? result : session.Run(run.Options, pictures, seeds, count);
    }

    /// <summary>Joins rows of equal length.</summary>
    private static float[] Joined(ReadOnlySpan<float[]> rows)
    {
        var joined = new float[rows.Length * rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
            rows[i].CopyTo(joined, i * rows[0].Length);
        return joined;
    }

    private void InBatches(int rows, int size, Action<int, int> body)
    {
        int batches = (rows + size - 1) / size;
        WorkerPool.Shared.Run(batches, network.Pool.Workers, batch =>
        {
            int count = Math.Min(size, rows - (batch * size));
            body(batch * size, count);
            run.ReportGradients(count);
        }, run.CancellationToken);
    }

    /// <summary>
    /// Returns the gradient of a target with respect to the values of the scored tensor. A backward pass starts with
    /// it.
    /// </summary>
    /// <exception cref="ArgumentException">The target has no gradient.</exception>
    /// <exception cref="ScoreCamException">A value of the gradient is not finite.</exception>
    public float[] Seed(Target target, ReadOnlySpan<float> values)
    {
        var (logits, gradient) = (new float[_head.Classes], new float[_head.Classes]);
        _head.Logits(values, logits);
        target.Gradient(logits, gradient);
        var seed = new float[values.Length];
        _head.Backward(values, gradient, seed);
        int bad = Statistics.IndexOfNonFinite(seed);
        return bad < 0 ? seed
            : throw new ScoreCamException(
                $"The gradient of the target '{target.Name}' with respect to the score of class {bad} is "
                + $"{seed[bad]}; a finite number was expected.");
    }
}

/// <summary>The gradient of a target, and what the biases of the network contribute to it.</summary>
/// <param name="Score">Σ seed · values: the score of a target that is linear in the network's values.</param>
/// <param name="ByPicture">dS/dX, channels × height × width.</param>
/// <param name="Biases">The contributions of the biases, last node first.</param>
internal sealed record BiasedGradient(double Score, float[] ByPicture, IReadOnlyList<BiasTerm> Biases);

/// <summary>A bias, multiplied by the gradient with respect to the tensor to which it is added.</summary>
/// <param name="Sum">The sum over the whole tensor.</param>
/// <param name="Maps">The tensor as maps; null if it has no image positions.</param>
internal sealed record BiasTerm(double Sum, ActivationMaps? Maps);
