using System.Text.Json;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Images;
using ScoreCam.ImageSharp;

namespace ScoreCam.Cli.Report;

/// <summary>The pictures with their maps and values, a card each: all of them, or the worst and the best where they would be too many for one page.</summary>
internal sealed class Gallery
{
    /// <summary>A page of more, at some 200 kB each, opens slowly on a phone.</summary>
    public const int MaxCards = 200;

    private readonly HtmlWriter _html;
    private readonly EvaluationResult _result;
    private readonly string _images;
    private readonly CaseRecord[][] _all, _cards;

    public Gallery(HtmlWriter html, EvaluationResult result, string images)
    {
        (_html, _result, _images) = (html, result, images);
        _all = [.. result.Cases.GroupBy(record => (record.Picture, record.ClassIndex)).Select(group => group.ToArray())];
        _cards = _all.Length <= MaxCards ? _all : WorstAndBest();
    }

    public void Write()
    {
        _html.Write($"""<h2>Pictures</h2><div class="tools"><label>Sort by <select id="metric">""");
        for (int i = 0; i < _result.Setup.Metrics.Length; i++)
            _html.Write($"""<option value="{i}">{_result.Setup.Metrics[i].Title}</option>""");
        _html.Write($"""</select></label><label>of <select id="method">""");
        for (int i = 0; i < _result.Methods.Count; i++)
            _html.Write($"""<option value="{i}">{_result.Methods[i].Name}</option>""");
        _html.Write($"""</select></label><label><select id="order"><option value="worst">worst first</option><option value="best">best first</option></select></label>""");
        ReportPage.WriteSlider(_html);
        _html.Write($"</div>");
        if (_cards.Length < _all.Length)
            _html.Write($"""<p class="dim">Of {_all.Length} pictures, the {MaxCards / 2} worst and the {MaxCards / 2} best are shown, by {_result.Setup.Metrics[0].Title} of {_result.Methods[0].Name}; table and curves are of all.</p>""");
        _html.Write($"""<div id="gallery">""");
        for (int i = 0; i < _cards.Length; i++)
            WriteCard(i, _cards[i]);
        _html.Write($"""</div><script type="application/json" id="values">{new HtmlWriter.Raw(Values())}</script>""");
    }

    private CaseRecord[][] WorstAndBest()
    {
        (MetricColumn metric, string method) = (_result.Setup.Metrics[0], _result.Methods[0].Name);
        double Goodness(CaseRecord[] records) =>
            Array.Find(records, record => record.Method == method)?.Values.GetValueOrDefault(metric.Name) is { } value ? (metric.HigherIsBetter ? value : -value) : double.NegativeInfinity;
        int[] order = [.. Enumerable.Range(0, _all.Length).OrderBy(i => Goodness(_all[i]))];
        return [.. order[..(MaxCards / 2)].Concat(order[^(MaxCards / 2)..]).Order().Select(i => _all[i])];
    }

    private void WriteCard(int index, CaseRecord[] records)
    {
        CaseRecord any = records[0];
        (string photo, int width, int height) = Photo(any);
        _html.Write($"""
            <article class="card" data-case="{index}" style="--photo:url({photo});--ratio:{width}/{height}">
            <h3>{any.ClassName} <small>{100 * any.Probability:0.0} %</small></h3>
            <div class="dim">{any.Picture}{(any.PredictedName == any.ClassName ? "" : FormattableString.Invariant($" · the network sees {any.PredictedName}, {100 * any.PredictedProbability:0.0} %"))}</div>
            <div class="parts">
            <figure class="tile"><div class="original"><img alt="{any.Picture}" src="{photo}">
            """);
        if (any.Boxes.Length > 0)
        {
            _html.Write($"""<svg viewBox="0 0 {width} {height}" preserveAspectRatio="none">""");
            foreach (double[] box in any.Boxes)
                _html.Write($"""<rect x="{box[0]}" y="{box[1]}" width="{box[2] - box[0]}" height="{box[3] - box[1]}"/>""");
            _html.Write($"</svg>");
        }
        _html.Write($"""</div><figcaption>original</figcaption></figure><div class="tiles">""");
        for (int m = 0; m < _result.Methods.Count; m++)
            if (Array.Find(records, record => record.Method == _result.Methods[m].Name) is { } record)
            {
                string map = DataUri.Map(record.Map.ToMap());
                _html.Write($"""
                    <figure class="tile"><div class="pair"><img alt="map by {record.Method}" src="{map}"><div class="stack"><img alt="map by {record.Method} over the picture" src="{map}"></div></div>
                    <figcaption>{record.Method} <b data-method="{m}"></b></figcaption></figure>
                    """);
            }
        _html.Write($"</div></div>");
        foreach (string warning in records.SelectMany(record => record.Warnings.Select(warning => $"{record.Method}: {warning}")).Distinct())
            _html.Write($"""<p class="warning">{warning}</p>""");
        WriteValues(records);
        _html.Write($"</article>");
    }

    private void WriteValues(CaseRecord[] records)
    {
        _html.Write($"""<details><summary>All values</summary><div class="scroll"><table><tr><th>method</th>""");
        foreach (MetricColumn metric in _result.Setup.Metrics)
            _html.Write($"<th>{metric.Title}</th>");
        _html.Write($"</tr>");
        foreach (CaseRecord record in records)
        {
            _html.Write($"<tr><td>{record.Method}</td>");
            foreach (MetricColumn metric in _result.Setup.Metrics)
                _html.Write($"<td>{metric.Format(record.Values.GetValueOrDefault(metric.Name))}</td>");
            _html.Write($"</tr>");
        }
        _html.Write($"</table></div></details>");
    }

    /// <exception cref="UserException">The picture is not there any more, or is another one.</exception>
    private (string Uri, int Width, int Height) Photo(CaseRecord record)
    {
        string path = Path.Combine(_images, record.Picture);
        if (!File.Exists(path))
            throw new UserException($"the report shows '{record.Picture}', and it is not in '{_images}'; name its folder by --images");
        RgbImage picture = ImageSharpImage.Load(path);
        return (DataUri.Photo(picture), picture.Width, picture.Height);
    }

    /// <summary>What the script sorts by: cases × methods × metrics.</summary>
    private string Values()
    {
        using MemoryStream stream = new();
        // The default encoder escapes what could end the script element.
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("metrics");
            foreach (MetricColumn metric in _result.Setup.Metrics)
            {
                json.WriteStartObject();
                json.WriteBoolean("higherIsBetter", metric.HigherIsBetter);
                json.WriteNumber("digits", metric.Digits);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("cases");
            foreach (CaseRecord[] records in _cards)
            {
                json.WriteStartArray();
                foreach (MethodColumn method in _result.Methods)
                    WriteValues(json, Array.Find(records, record => record.Method == method.Name));
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private void WriteValues(Utf8JsonWriter json, CaseRecord? record)
    {
        json.WriteStartArray();
        foreach (MetricColumn metric in _result.Setup.Metrics)
            if (record?.Values.GetValueOrDefault(metric.Name) is { } value)
                json.WriteNumberValue(value);
            else
                json.WriteNullValue();
        json.WriteEndArray();
    }
}
