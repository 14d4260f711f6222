using System.Runtime.CompilerServices;
using CsCheck;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// The number of cases per property. A failure prints the smallest case found and the seed that reproduces it. The
/// environment variables CsCheck_Iter and CsCheck_Time ask for more cases.
/// </summary>
internal static class Trials
{
    private const int ShortForm = 300;

    [ModuleInitializer]
    internal static void Configure()
    {
        if (Environment.GetEnvironmentVariable("CsCheck_Iter") is null)
            Check.Iter = ShortForm;
    }
}
