using System.Runtime.InteropServices;
using ScoreCam.IO;

namespace ScoreCam.Cli.Explain;

/// <summary>Collects the normalised maps for <c>--map</c>: float32, runs × targets × height × width.</summary>
internal sealed class MapReport : IDisposable
{
    private readonly OutputFile _file;
    private readonly List<float> _values = [];
    private int _runs;
    private int _targets;
    private (int Height, int Width)? _size;

    /// <exception cref="UserException">The path cannot be written.</exception>
    public MapReport(string path) => _file = OutputFile.Begin(path);

    /// <exception cref="UserException">
    /// The size of the maps differs from the size of earlier maps, so one array cannot hold all of them.
    /// </exception>
    public void Add(ExplainedImage run)
    {
        foreach (SaliencyMap map in run.Explanations.Select(explanation => explanation.Map))
        {
            (int height, int width) = _size ??= (map.Height, map.Width);
            if ((map.Height, map.Width) != (height, width))
            {
                string layer = run.Evidence is { Layer.Name: var name } ? $" at {name}" : "";
                throw new UserException(
                    $"--map holds maps of one size: {run.Image.Name}{layer} gave {map.Height} × {map.Width}, "
                    + $"those before {height} × {width}; write them one by one, or use --json");
            }
            _values.AddRange(map.Values);
        }
        _targets = run.Explanations.Count;
        _runs++;
    }

    /// <summary>Writes the array and moves it to its final path.</summary>
    public void Complete()
    {
        (int height, int width) = _size!.Value;
        new NpyArray([_runs, _targets, height, width], CollectionsMarshal.AsSpan(_values)).Save(_file.TemporaryPath);
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();
}
