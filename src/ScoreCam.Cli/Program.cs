using System.Runtime.InteropServices;
using ScoreCam.Cli;

using CancellationTokenSource interrupted = new();

// The first signal requests a clean stop. A second signal ends the process as usual.
bool terminated = false;
void Interrupt(PosixSignalContext context)
{
    terminated = context.Signal == PosixSignal.SIGTERM;
    context.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
int exitCode = await CommandLine.InvokeAsync(args, Console.Out, Console.Error, interrupted.Token);
return exitCode == ExitCodes.Interrupted && terminated ? ExitCodes.Terminated : exitCode;
