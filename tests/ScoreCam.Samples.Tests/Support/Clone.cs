using ScoreCam.Tests.Support;

namespace ScoreCam.Samples.Tests.Support;

/// <summary>A temporary folder with the models and photographs of the repository, where programs run.</summary>
internal sealed class Clone : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Clone()
    {
        Copy("photos");
        Copy(System.IO.Path.Combine("models", "everyday20"));
        Copy(System.IO.Path.Combine("models", "squeezenet1.1"));
        Copy(System.IO.Path.Combine("models", "vit-cifar10"));
    }

    public string Path => _folder.Path;

    public string File(string name) => _folder.File(name);

    /// <summary>Runs a sample in this folder to its end.</summary>
    public Task<(int ExitCode, string Output)> Run(string sample, params string[] arguments) =>
        ChildProcess.Run(Path, [Sample(sample), .. arguments]);

    /// <summary>The built program of a sample, in the configuration in which the tests are built.</summary>
    public static string Sample(string name)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string folder = System.IO.Path.Combine(SharedFolder.Repository, "samples", name);
        string program = System.IO.Path.GetFileNameWithoutExtension(Directory.GetFiles(folder, "*.csproj").Single());
        return System.IO.Path.Combine(folder, "bin", configuration, "net10.0", $"{program}.dll");
    }

    public void Dispose() => _folder.Dispose();

    private void Copy(string folder)
    {
        Directory.CreateDirectory(File(folder));
        foreach (string file in Directory.EnumerateFiles(System.IO.Path.Combine(SharedFolder.Repository, folder)))
            System.IO.File.Copy(file, System.IO.Path.Combine(File(folder), System.IO.Path.GetFileName(file)));
    }
}
