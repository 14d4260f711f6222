using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ScoreCam.Cli.Evaluate;

/// <summary>
/// Represents everything that changes a value and is not in the record itself. Records with another key belong to
/// another run.
/// </summary>
internal static class RecordKey
{
    public static string Of(string modelSha256, PreprocessingRecord preprocessing, int seed)
    {
        string seedText = seed.ToString(CultureInfo.InvariantCulture);
        string all = $"{modelSha256}\n{ProgramVersion.Current}\n{preprocessing.Text}\n{seedText}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16];
    }
}
