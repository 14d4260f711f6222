using FluentAssertions;
using ScoreCam.Cli.Report;
using Xunit;

namespace ScoreCam.Tests.Cli.Report;

public class HtmlWriterTests
{
    [Fact]
    public void Values_are_escaped_and_numbers_have_a_decimal_point()
    {
        using StringWriter text = new();
        string name = "<img src=x onerror=\"alert('1')\">&";
        new HtmlWriter(text).Write($"<b title=\"{name}\">{name}</b>{1.5:0.00}{new HtmlWriter.Raw("<i>")}");
        const string escaped = "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;";
        text.ToString().Should().Be($"<b title=\"{escaped}\">{escaped}</b>1.50<i>\n");
    }
}
