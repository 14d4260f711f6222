using Microsoft.ML.OnnxRuntime;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// Opens ONNX Runtime sessions without logging and with one thread each, and converts failures to clear errors.
/// </summary>
internal sealed class SessionFactory(string modelName, string? folder, Action<SessionOptions>? configure)
{
    /// <exception cref="UnsupportedModelException">ONNX Runtime rejects the model.</exception>
    /// <exception cref="ScoreCamException">The native library of ONNX Runtime is missing.</exception>
    public InferenceSession Open(byte[] model, bool optimize = true)
    {
        try
        {
            RuntimeTelemetry.TurnOff();
            using var options = new SessionOptions
            {
                // One run per core, each on its own thread, is faster than one run on all cores.
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                GraphOptimizationLevel = optimize
                    ? GraphOptimizationLevel.ORT_ENABLE_ALL
                    : GraphOptimizationLevel.ORT_DISABLE_ALL,
                // The library prints nothing. Failures are still reported as exceptions.
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            if (folder is not null)
                options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
            configure?.Invoke(options);
            return new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException exception)
        {
            string message = $"ONNX Runtime cannot open '{modelName}': {FirstLine(exception)}";
            throw new UnsupportedModelException(message, exception);
        }
        catch (Exception exception) when (NativeFailure(exception) is { } native)
        {
            string? version = typeof(InferenceSession).Assembly.GetName().Version?.ToString(3);
            throw new ScoreCamException(
                "The native library of ONNX Runtime could not be loaded: it is missing, or of another version. Add the "
                + "package Microsoft.ML.OnnxRuntime (or .Gpu, .DirectML) to the application, in the version of "
                + $"Microsoft.ML.OnnxRuntime.Managed, {version}.",
                native);
        }
    }

    public static string FirstLine(Exception exception) => exception.Message.Split('\n', 2)[0].Trim();

    /// <summary>
    /// Finds a missing or incompatible native library behind an exception, which static initialisers wrap.
    /// </summary>
    private static Exception? NativeFailure(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            // If the native library is older, the first function requested from it is null, and the managed code uses
            // it without a check.
            if (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException
                or TypeInitializationException { TypeName: "Microsoft.ML.OnnxRuntime.NativeMethods" })
                return exception;
        return null;
    }
}
