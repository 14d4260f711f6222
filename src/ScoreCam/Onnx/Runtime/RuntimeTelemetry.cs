using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// Turns off the usage data that the official packages of ONNX Runtime send to Microsoft. ONNX Runtime 1.29 and later
/// also keep a device identifier and a database in the user's cache folder.
/// </summary>
internal static partial class RuntimeTelemetry
{
    /// <summary>
    /// Has an effect only before the first session of the process. An application that opens ONNX Runtime earlier
    /// makes this decision itself.
    /// </summary>
    public static void TurnOff()
    {
        if (OrtEnv.IsCreated)
            return;
        // ONNX Runtime reads the native environment. On Unix, Environment.SetEnvironmentVariable does not change it.
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            _ = SetNative("ORT_DISABLE_TELEMETRY", "1", overwrite: 0);
        else
            OrtEnv.Instance().DisableTelemetryEvents();
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);
}
