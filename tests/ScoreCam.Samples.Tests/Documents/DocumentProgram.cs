using System.Text.RegularExpressions;
using System.Xml.Linq;
using ScoreCam.Samples.Tests.Support;
using ScoreCam.Tests.Support;

namespace ScoreCam.Samples.Tests.Documents;

/// <summary>The C# blocks of a document, read from top to bottom as one program.</summary>
internal static partial class DocumentProgram
{
    private static readonly string[] SdkUsings =
    [
        "System",
        "System.Collections.Generic",
        "System.IO",
        "System.Linq",
        "System.Net.Http",
        "System.Threading",
        "System.Threading.Tasks",
    ];

    // The program is written beside the tests, because the libraries that it needs are there.
    private static string Folder => AppContext.BaseDirectory;

    /// <summary>Compiles the program and runs it.</summary>
    /// <param name="document">A document.</param>
    /// <param name="place">The current folder of the program.</param>
    /// <returns>The exit code and the output. If the compiler fails, both are those of the compiler.</returns>
    public static async Task<(int ExitCode, string Output)> Run(Document document, Clone place)
    {
        string program = Path.Combine(Folder, $"Document.{document.Path.Replace('/', '.')}.dll");
        (int exitCode, string output) = await Compile(document, place, program);
        if (exitCode != 0)
            return (exitCode, output);

        string tests = Path.Combine(Folder, typeof(Document).Assembly.GetName().Name!);
        string[] host = ["exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json"];
        return await ChildProcess.Run(place.Path, [.. host, program]);
    }

    private static async Task<(int ExitCode, string Output)> Compile(Document document, Clone place, string program)
    {
        string[] lines = string.Join("\n", document.CSharpBlocks).Split('\n');
        IEnumerable<string> usings = lines.Where(line => Using.IsMatch(line)).Distinct();
        IEnumerable<string> code = lines.Where(line => !Using.IsMatch(line));
        await File.WriteAllLinesAsync(place.File("Program.cs"), usings.Concat(code));
        IEnumerable<string> globals = SdkUsings.Concat(PackageUsings()).Select(name => $"global using {name};");
        await File.WriteAllLinesAsync(place.File("Usings.cs"), globals);

        string assemblies = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        string[] options =
        [
            "-nologo",
            "-nostdlib",
            "-target:exe",
            "-langversion:latest",
            "-nullable:enable",
            "-warnaserror",
            $"-out:\"{program}\"",
            "Program.cs",
            "Usings.cs",
            .. assemblies.Split(Path.PathSeparator).Select(file => $"-r:\"{file}\""),
        ];
        await File.WriteAllLinesAsync(place.File("compile.rsp"), options);
        return await ChildProcess.Run(place.Path, ChildProcess.Compiler, "-noconfig", "@compile.rsp");
    }

    /// <summary>The usings that the package ScoreCam adds to a project.</summary>
    private static IEnumerable<string> PackageUsings()
    {
        string[] path = ["src", "ScoreCam", "buildTransitive", "ScoreCam.props"];
        XDocument props = XDocument.Load(Path.Combine([SharedFolder.Repository, .. path]));
        return props.Descendants("Using").Select(item => item.Attribute("Include")!.Value);
    }

    [GeneratedRegex(@"^using [\w.]+;( *//.*)?$")]
    private static partial Regex Using { get; }
}
