using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// An open session, and the names of what goes in and comes out: the scores, and tapped layers. Runs may overlap.
/// </summary>
internal sealed class NetworkSession(InferenceSession session, string input, string scores, IReadOnlyList<string> taps)
    : IDisposable
{
    private readonly string[] _input = [input];
    private readonly string[] _scores = [scores];
    private readonly string[] _scoresAndTaps = [scores, .. taps];

    /// <summary>Element type of a tapped tensor.</summary>
    public TensorElementType TapType(int tap) => session.OutputMetadata[taps[tap]].ElementDataType;

    /// <summary>
    /// True where the input is not in the processor's memory, so that the network runs on an accelerator.
    /// </summary>
    public bool IsOnAccelerator
    {
        get
        {
            using IDisposableReadOnlyCollection<OrtMemoryInfo> places = session.GetMemoryInfosForInputs();
            return places.Any(place => !place.Name.StartsWith("Cpu", StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>
    /// Runs the network and fetches the scores, and with <paramref name="withTaps"/> the tapped activations after them.
    /// The caller disposes them.
    /// </summary>
    /// <exception cref="ScoreCamException">The run failed, or was terminated.</exception>
    public OrtValue[] Run(RunOptions options, OrtValue input, bool withTaps = false)
    {
        try
        {
            return [.. session.Run(options, _input, [input], withTaps ? _scoresAndTaps : _scores)];
        }
        catch (OnnxRuntimeException exception)
        {
            throw Failure(exception);
        }
    }

    /// <summary>
    /// Runs the network into a score tensor of an earlier run of the same shape: nothing is allocated.
    /// </summary>
    /// <inheritdoc cref="Run(RunOptions, OrtValue, bool)"/>
    public void Run(RunOptions options, OrtValue[] input, OrtValue[] destination)
    {
        try
        {
            session.Run(options, _input, input, _scores, destination);
        }
        catch (OnnxRuntimeException exception)
        {
            throw Failure(exception);
        }
    }

    public void Dispose() => session.Dispose();

    /// <summary>What ONNX Runtime threw while running, as this library reports it.</summary>
    public static ScoreCamException Failure(OnnxRuntimeException exception) =>
        new($"ONNX Runtime failed while running the network: {SessionFactory.FirstLine(exception)}", exception);
}
