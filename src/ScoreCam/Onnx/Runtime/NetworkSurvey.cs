using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ScoreCam.Onnx.Analysis;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// A session that is open only while a model is loaded. One run gives the shape of every tensor between the picture and
/// the scores. If the graph does not reveal the meaning of the scores, runs of a few trial pictures give their scores.
/// </summary>
internal sealed class NetworkSurvey : IDisposable
{
    /// <summary>Operators whose results are not tensors and therefore have no shape.</summary>
    private static readonly string[] SequenceMakers =
    [
        "SplitToSequence", "SequenceConstruct", "SequenceEmpty", "SequenceInsert", "SequenceErase", "SequenceMap",
        "Optional", "ZipMap",
    ];

    private readonly ImageInput _input;
    private readonly (int Height, int Width) _size;
    private readonly string _tensor;
    private readonly string _scores;
    private readonly InferenceSession _session;

    // A node computes the shape of each tensor, so that no tensor is kept until the end of the run.
    private readonly List<(string Tensor, string Shape)> _shapes = [];
    private readonly List<string> _integers = [];
    private readonly List<string> _trials = [];

    /// <param name="graph">The network.</param>
    /// <param name="flow">The path of the picture through the network.</param>
    /// <param name="source">The source of the scores.</param>
    /// <param name="input">The input of the network.</param>
    /// <param name="size">The size of the pictures to run.</param>
    /// <param name="factory">Opens the session.</param>
    public NetworkSurvey(
        OnnxGraph graph,
        ImageFlow flow,
        ScoreSource source,
        ImageInput input,
        (int Height, int Width) size,
        SessionFactory factory)
    {
        (_input, _size, _tensor) = (input, size, source.Tensor);
        var model = new EditableModel(graph);
        model.Outputs.Clear();
        _scores = Exposed(model, source.Tensor, source.Quantization);
        HashSet<string> ancestors = graph.Ancestors(source.Tensor);
        foreach (OnnxNode node in flow.Nodes)
        {
            if (SequenceMakers.Contains(node.OpType) || !node.Outputs.Any(ancestors.Contains))
                continue;
            foreach (string tensor in node.Outputs.Where(t => t.Length > 0))
                _shapes.Add((tensor, model.AddNode("Shape", $"{tensor}:shape", [tensor])));
            if (node.OpType is "Slice" or "Gather" || Operators.IsReduction(node))
                _integers.AddRange(node.Inputs.Skip(1).Where(IsComputedSize));
        }
        IEnumerable<string> near = source.IsCertain ? [] : ScoreBounds.Candidates(graph, flow, source.Tensor);
        _trials.AddRange(near.Where(t => Quantization.Of(graph, t) is null));
        IEnumerable<string> outputs = [.. _shapes.Select(s => s.Shape), .. _integers, .. _trials, _scores];
        foreach (string output in outputs.Distinct())
            model.AddOutput(output);
        // Shapes do not need an optimised graph, and an unoptimised graph opens faster.
        _session = factory.Open(model.ToBytes(), optimize: false);

        bool IsComputedSize(string tensor) =>
            tensor.Length > 0 && flow[tensor] is null && graph.Producer(tensor) is { OpType: not "Constant" };
    }

    /// <summary>
    /// Returns the shapes of the input, the scores and all tensors between them, from one run of zeros.
    /// </summary>
    /// <exception cref="ScoreCamException">The network failed.</exception>
    /// <exception cref="UnsupportedModelException">The scores are not a tensor of real numbers.</exception>
    public TensorShapes Shapes()
    {
        string[] integers = [.. _integers.Distinct()];
        string[] outputs = [_scores, .. _shapes.Select(s => s.Shape), .. integers];
        using IDisposableReadOnlyCollection<OrtValue> values = Run(trial: 0, outputs);
        Dictionary<string, IReadOnlyList<long>> shapes = new()
        {
            [_input.Name] = _input.Shape(_input.Batch ?? 1, _size.Height, _size.Width),
        };
        for (int i = 0; i < _shapes.Count; i++)
            shapes.TryAdd(_shapes[i].Tensor, Integers(values[i + 1]) ?? []);
        RequireFloats(values[0]);
        shapes[_tensor] = values[0].GetTensorTypeAndShape().Shape;
        Dictionary<string, IReadOnlyList<long>> numbers = [];
        for (int i = 0; i < integers.Length; i++)
            if (Integers(values[_shapes.Count + 1 + i]) is { } read)
                numbers.Add(integers[i], read);
        return new TensorShapes(shapes, numbers);
    }

    /// <summary>Returns the scores, and the tensors near them, for unrelated trial pictures.</summary>
    /// <exception cref="ScoreCamException">The network failed.</exception>
    public IReadOnlyList<TrialScores> Trials()
    {
        List<TrialScores> trials = [];
        for (int trial = 0; trial < TrialPictures.Count; trial++)
        {
            using IDisposableReadOnlyCollection<OrtValue> values = Run(trial, [_scores, .. _trials]);
            Dictionary<string, float[]> near = [];
            for (int i = 0; i < _trials.Count; i++)
                if (Floats(values[i + 1]) is { } read)
                    near[_trials[i]] = read;
            trials.Add(new TrialScores(Floats(values[0]) ?? [], near));
        }
        return trials;
    }

    /// <summary>Makes a tensor an output of real numbers. Returns the name of the output.</summary>
    public static string Exposed(EditableModel model, string tensor, Quantization? quantization)
    {
        string exposed = quantization is null
            ? tensor
            : model.AddDequantize(tensor, quantization.Scale, quantization.ZeroPoint);
        model.AddOutput(exposed);
        return exposed;
    }

    public void Dispose() => _session.Dispose();

    private IDisposableReadOnlyCollection<OrtValue> Run(int trial, IReadOnlyCollection<string> outputs)
    {
        using var options = new RunOptions();
        long[] shape = _input.Shape(_input.Batch ?? 1, _size.Height, _size.Width);
        using var picture = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, _input.ElementType, shape);
        TrialPictures.Fill(picture, _input.ElementType, trial);
        try
        {
            return _session.Run(options, [_input.Name], [picture], outputs);
        }
        catch (OnnxRuntimeException exception)
        {
            throw NetworkSession.Failure(exception);
        }
    }

    private void RequireFloats(OrtValue scores)
    {
        TensorElementType? type = TypeOf(scores);
        if (IsFloat(type))
            return;
        string found = type is null ? "is a sequence or a map" : $"has the element type {type}";
        throw new UnsupportedModelException(
            $"The output '{_tensor}' {found}, and a tensor of floating-point scores was expected. If the class scores "
            + "are another output, name it in ModelOptions.Output.");
    }

    private static IReadOnlyList<long>? Integers(OrtValue value) => TypeOf(value) switch
    {
        TensorElementType.Int64 => value.GetTensorDataAsSpan<long>().ToArray(),
        TensorElementType.Int32 => Array.ConvertAll(value.GetTensorDataAsSpan<int>().ToArray(), i => (long)i),
        _ => null,
    };

    private static TensorElementType? TypeOf(OrtValue value) =>
        value.IsTensor ? value.GetTensorTypeAndShape().ElementDataType : null;

    private static bool IsFloat(TensorElementType? type) =>
        type is TensorElementType.Float or TensorElementType.Float16 or TensorElementType.Double;

    private static float[]? Floats(OrtValue value)
    {
        if (!IsFloat(TypeOf(value)))
            return null;
        var read = new TensorValues(value);
        var floats = new float[read.Count];
        read.Read(0, floats);
        return floats;
    }
}
