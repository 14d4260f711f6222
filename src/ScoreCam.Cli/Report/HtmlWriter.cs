using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;

namespace ScoreCam.Cli.Report;

/// <summary>
/// Writes HTML from interpolated strings. Every value is escaped unless it is <see cref="Raw"/>, so that no file name
/// or label becomes markup.
/// </summary>
internal sealed class HtmlWriter(TextWriter output)
{
    public void Write([InterpolatedStringHandlerArgument("")] ref Markup markup) => markup.End();

    /// <summary>An interpolated value that is already markup.</summary>
    internal readonly record struct Raw(string Html);

    [InterpolatedStringHandler]
    internal readonly ref struct Markup(int literalLength, int formattedCount, HtmlWriter writer)
    {
        private readonly TextWriter _output = writer.Output;
        private readonly bool _isEmpty = literalLength + formattedCount == 0;

        public void AppendLiteral(string markup) => _output.Write(markup);

        public void AppendFormatted(string? text) => _output.Write(WebUtility.HtmlEncode(text));

        public void AppendFormatted(Raw raw) => _output.Write(raw.Html);

        public void AppendFormatted<T>(T value, string? format = null)
            where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

        public void End()
        {
            if (!_isEmpty)
                _output.Write('\n');
        }
    }

    private TextWriter Output => output;
}
