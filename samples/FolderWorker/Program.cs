// Explains every picture that is put into a folder: FolderWorker [FOLDER] [--once]. Results stand beside it, and what has one is not done again.
using System.Runtime.InteropServices;
using System.Threading.Channels;
using ScoreCam;
using ScoreCam.Skia;

string folder = args.FirstOrDefault(a => !a.StartsWith('-')) ?? "photos";
bool once = args.Contains("--once");

// Ctrl+C and a service manager's stop: the picture in work is finished, no other one is begun.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

// Bounded, so that a folder of a million pictures does not become a queue of a million names.
Channel<string> queue = Channel.CreateBounded<string>(16);
Task finding = FindPictures();
using var model = ImageModel.Load("models/everyday20");
var explainer = new ScoreCamExplainer(model);
int failures = 0;

await foreach (string picture in queue.Reader.ReadAllAsync())
{
    if (stop.IsCancellationRequested)
        break;
    try
    {
        Explanation why = explainer.Explain(SkiaImage.Load(picture));
        why.Overlay().SaveJpeg($"{picture}.why.jpg");
        why.Save($"{picture}.why.json"); // the last thing written: its presence means done
        Console.WriteLine($"{picture}: {why.TargetName} {why.Probability:P0}");
    }
    catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
    {
        // One bad file must not stop the others.
        failures++;
        Console.Error.WriteLine($"{picture}: {e.Message}");
    }
}
await finding;
return failures == 0 ? 0 : 1;

async Task FindPictures()
{
    HashSet<string> seen = [];
    try
    {
        do
        {
            foreach (string file in Directory.EnumerateFiles(folder).Where(IsPicture).Order())
                if (!File.Exists($"{file}.why.json") && (once || IsSettled(file)) && seen.Add(file))
                    await queue.Writer.WriteAsync(file, stop.Token);
            if (!once)
                await Task.Delay(TimeSpan.FromSeconds(1), stop.Token);
        }
        while (!once);
    }
    catch (OperationCanceledException)
    {
        // Asked to stop.
    }
    finally
    {
        queue.Writer.Complete();
    }
}

// A file that was touched just now may still be on its way.
static bool IsSettled(string file) => DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > TimeSpan.FromSeconds(2);

static bool IsPicture(string file) =>
    Path.GetExtension(file).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".webp" && !file.Contains(".why.");
