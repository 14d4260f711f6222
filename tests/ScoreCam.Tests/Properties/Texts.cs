using System.Text;
using CsCheck;

namespace ScoreCam.Tests.Properties;

/// <summary>
/// Texts of any valid Unicode: mostly letters, so that a failing text shrinks to a readable one, but also controls,
/// quotes, and characters of two to four bytes.
/// </summary>
internal static class Texts
{
    public static Gen<Rune> Character { get; } = Gen.Frequency(
        (5, Gen.Int['a', 'z']), (3, Gen.Int[' ', '~']), (1, Gen.Int[0, 0x9f]), (1, Gen.Int[0xa0, 0x7ff]),
            (1, Gen.Int[0x800, 0xd7ff]), (1, Gen.Int[0xe000, 0x10ffff]))
        .Select(code => new Rune(code));

    public static Gen<string> Of(int min, int max) => Character.Array[min, max].Select(runes => string.Concat(runes));

    /// <summary>Texts that stay on one line.</summary>
    public static Gen<string> Lines(int min, int max) =>
        Of(min, max).Select(text => text.Replace('\r', ' ').Replace('\n', ' '));
}
