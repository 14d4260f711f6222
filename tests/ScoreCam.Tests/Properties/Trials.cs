using System.Runtime.CompilerServices;
using CsCheck;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// How many cases a property is tried on. A failure prints the smallest case found and the seed that makes it again;
/// CsCheck_Iter or CsCheck_Time in the environment ask for more.
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
