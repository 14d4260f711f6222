using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace ScoreCam.Browser.Tests;

/// <summary>The npm packages of the browser sample. They are kept in the temporary folder for the next run.</summary>
internal static class NpmPackages
{
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Returns the folder node_modules. Skips the running test visibly if the packages are not available.
    /// </summary>
    /// <param name="sample">The folder of the sample.</param>
    public static async Task<string> Require(string sample)
    {
        string own = Path.Combine(sample, "node_modules");
        if (Directory.Exists(own))
            return own;
        string package = await File.ReadAllTextAsync(Path.Combine(sample, "package.json"));
        uint version = package.Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619);
        string folder = Path.Combine(Path.GetTempPath(), $"scorecam-browser-sample-{version:x8}");
        string installed = Path.Combine(folder, "node_modules");
        if (Directory.Exists(installed))
            return installed;
        string trial = $"{folder}-{Environment.ProcessId}";
        Directory.CreateDirectory(trial);
        try
        {
            await File.WriteAllTextAsync(Path.Combine(trial, "package.json"), package);
            await Install(trial);
            Directory.Move(trial, folder);
            return installed;
        }
        finally
        {
            if (Directory.Exists(trial))
                Directory.Delete(trial, recursive: true);
        }
    }

    private static async Task Install(string folder)
    {
        string[] arguments =
            ["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0"];
        try
        {
            using Process npm = Process.Start(new ProcessStartInfo("npm", arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> output = npm.StandardOutput.ReadToEndAsync(), error = npm.StandardError.ReadToEndAsync();
            using CancellationTokenSource limit = new(MostTime);
            try
            {
                await npm.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                npm.Kill(entireProcessTree: true);
                Assert.Skip($"npm did not install the packages of the sample within {MostTime.TotalMinutes} minutes.");
            }
            if (npm.ExitCode != 0)
                Assert.Skip($"npm could not install the packages of the sample: {await error} {await output}");
        }
        catch (Win32Exception)
        {
            Assert.Skip("Needs npm, which is not installed.");
        }
    }
}
