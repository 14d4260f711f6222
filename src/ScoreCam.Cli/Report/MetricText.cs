namespace ScoreCam.Cli.Report;

/// <summary>A short description of each metric, and its group.</summary>
internal static class MetricText
{
    private const string Kept = "What is left when only the highlighted part is kept",
        Order = "Whether the most important pixels come first",
        Place = "Whether the map lies on the object", Form = "How the map looks", Other = "Other";

    public static (string Kind, string Text) Of(string metric) => metric switch
    {
        "average-drop" => (Kept, "probability lost when the picture is masked by the map"),
        "average-increase" => (Kept, "share of pictures whose probability rises when they are masked by the map"),
        "average-gain" => (Kept, "probability gained when the picture is masked by the map"),
        "average-drop-50" => (Kept, "probability lost, with the lower half of the map set to 0"),
        "average-increase-50" =>
            (Kept, "share of pictures whose probability rises, with the lower half of the map set to 0"),
        "average-gain-50" => (Kept, "probability gained, with the lower half of the map set to 0"),
        "insertion" => (Order, "area under the probability while the picture appears, the most important pixels first"),
        "deletion" => (Order, "area under the probability while the picture vanishes, the most important pixels first"),
        "road" => (Order, "how much more it hurts to remove the most relevant pixels than the least relevant ones"),
        "energy-in-box" => (Place, "share of the map that lies in the box"),
        "energy-in-one-box" => (Place, "the same, for pictures with one box that covers less than half of them"),
        "pointing-game" => (Place, "share of pictures where the largest value lies in the box"),
        "box-iou" => (Place, "overlap of the box with one drawn around the map"),
        "complexity" => (Form, "mean of the map: how much it highlights"),
        "coherency" => (Form, "whether the map of the masked picture is the same"),
        "adcc" => (Form, "drop, coherency and complexity in one number"),
        "arcc" => (Form, "ROAD, coherency and complexity in one number"),
        "relevance-mass" => (Place, "share of the map that lies on the object"),
        "relevance-rank" => (Place, "share of the largest values that lie on the object"),
        _ => (Other, ""),
    };
}
