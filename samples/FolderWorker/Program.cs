// Explains every picture in a folder: FolderWorker [FOLDER] [--once]. Each result is written beside its picture.
// Pictures that have a result are skipped. Without --once it waits for new pictures.
using System.Runtime.InteropServices;
using System.Threading.Channels;
using ScoreCam;
using ScoreCam.ImageSharp;
using SixLabors.ImageSharp;

string folder = args.FirstOrDefault(a => !a.StartsWith('-')) ?? "photos";
bool once = args.Contains("--once");

// On Ctrl+C or a service manager's stop, the current picture is finished and no other is begun.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

// The queue is bounded, so that a folder of a million pictures does not fill the memory.
Channel<string> queue = Channel.CreateBounded<string>(16);
Task finding = FindPictures();
using var model = ImageModel.Load("models/squeezenet1.1");
var explainer = new ScoreCamExplainer(model);
int failures = 0;

await foreach (string picture in queue.Reader.ReadAllAsync())
{
    if (stop.IsCancellationRequested)
        break;
    try
    {
        Explanation why = explainer.Explain(ImageSharpImage.Load(picture));
        why.Overlay().ToImageSharp().SaveAsJpeg($"{picture}.why.jpg");
        why.Save($"{picture}.why.json"); // Written last: this file means that the picture is done.
        Console.WriteLine($"{picture}: {why.TargetName} {why.Probability:P0}");
    }
    catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
    {
        // A bad file does not stop the others.
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
        // The worker was asked to stop.
    }
    finally
    {
        queue.Writer.Complete();
    }
}

// A file that was changed a moment ago may not be complete.
static bool IsSettled(string file) => DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > TimeSpan.FromSeconds(2);

static bool IsPicture(string file) =>
    Path.GetExtension(file).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".webp" && !file.Contains(".why.");
