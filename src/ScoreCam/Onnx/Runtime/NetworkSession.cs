using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// An open session, and the names of its inputs and outputs: the scores and the tapped layers. Runs can overlap.
/// </summary>
/// <param name="session">The session, which this object disposes.</param>
/// <param name="input">The input that changes from run to run.</param>
/// <param name="scores">The scores.</param>
/// <param name="taps">The tapped layers.</param>
/// <param name="constants">Additional inputs, which are the same in every run. This object disposes them.</param>
internal sealed class NetworkSession(
    InferenceSession session,
    string input,
    string scores,
    IReadOnlyList<string> taps,
    IReadOnlyList<(string Name, OrtValue Value)>? constants = null)
    : IDisposable
{
    private readonly string[] _inputs = [input, .. (constants ?? []).Select(constant => constant.Name)];
    private readonly OrtValue[] _constants = [.. (constants ?? []).Select(constant => constant.Value)];
    private readonly string[] _scores = [scores];
    private readonly string[] _scoresAndTaps = [scores, .. taps];

    /// <summary>Returns the element type of a tapped tensor.</summary>
    public TensorElementType TapType(int tap) => session.OutputMetadata[taps[tap]].ElementDataType;

    /// <summary>Whether the input is not in CPU memory, so that the network runs on an accelerator.</summary>
    public bool IsOnAccelerator
    {
        get
        {
            using IDisposableReadOnlyCollection<OrtMemoryInfo> locations = session.GetMemoryInfosForInputs();
            return locations.Any(location => !location.Name.StartsWith("Cpu", StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>
    /// Runs the network and returns the scores. With <paramref name="withTaps"/>, the tapped activations follow the
    /// scores. The caller disposes them.
    /// </summary>
    /// <exception cref="ScoreCamException">The run failed, or was terminated.</exception>
    public OrtValue[] Run(RunOptions options, OrtValue input, bool withTaps = false)
    {
        try
        {
            return [.. session.Run(options, _inputs, [input, .. _constants], withTaps ? _scoresAndTaps : _scores)];
        }
        catch (OnnxRuntimeException exception)
        {
            throw Failure(exception);
        }
    }

    /// <summary>
    /// Runs the network into the score tensor of an earlier run of the same shape, so that nothing is allocated.
    /// </summary>
    /// <inheritdoc cref="Run(RunOptions, OrtValue, bool)"/>
    public void Run(RunOptions options, OrtValue[] input, OrtValue[] destination)
    {
        try
        {
            OrtValue[] inputs = _constants.Length == 0 ? input : [.. input, .. _constants];
            session.Run(options, _inputs, inputs, _scores, destination);
        }
        catch (OnnxRuntimeException exception)
        {
            throw Failure(exception);
        }
    }

    public void Dispose()
    {
        session.Dispose();
        foreach (OrtValue constant in _constants)
            constant.Dispose();
    }

    /// <summary>Converts an exception of ONNX Runtime during a run to an exception of this library.</summary>
    public static ScoreCamException Failure(OnnxRuntimeException exception) =>
        new($"ONNX Runtime failed while running the network: {SessionFactory.FirstLine(exception)}", exception);
}
