using ScoreCam.Cli.Evaluate;

namespace ScoreCam.Cli.Report;

/// <summary>The maps of networks whose weights are drawn anew from the last layer on: what does not change does not explain the network.</summary>
internal static class SanityStrip
{
    public static void Write(HtmlWriter html, IReadOnlyList<SanityRecord> records)
    {
        if (records.Count == 0)
            return;
        html.Write($"""
            <h2>Sanity check</h2>
            <p class="dim">The network's weights are drawn anew, layer by layer from the last one to the first. A map that stays as it was does not explain the network. ρ is Spearman's rank correlation with
            the first map, SSIM the structural similarity; until the explained layer is reached, some similarity is expected.</p>
            """);
        foreach (SanityRecord record in records)
        {
            html.Write($"""
                <h3>{record.Method} <small>{record.ClassName} · {record.Picture}</small></h3>
                <div class="strip"><figure><img alt="map of the trained network" src="{DataUri.Map(record.Map.ToMap())}"><figcaption>trained network</figcaption></figure>
                """);
            foreach (SanityStepRecord step in record.Steps)
                html.Write($"""<figure><img alt="map with {step.RandomizedLayers} layers randomised" src="{DataUri.Map(step.Map.ToMap())}"><figcaption>ρ {step.Spearman:0.00} · SSIM {step.Ssim:0.00}<br>{step.RandomizedLayers} layers, to {step.Layer}</figcaption></figure>""");
            html.Write($"</div>");
        }
    }
}
