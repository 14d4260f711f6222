// A method of your own that masks the picture supplies its masks, and how their scores become a map. The library does
// the rest: batches on all workers, targets, the mask fill, flips, signed maps, normalisation, warnings.
using ScoreCam;
using ScoreCam.ImageSharp;
using ScoreCam.Methods;
using SixLabors.ImageSharp;

using var model = ImageModel.Load("models/squeezenet1.1");
RgbImage photo = ImageSharpImage.Load(args is [var path, ..] ? path : "photos/chelsea.png");
Explanation why = new Spotlight(model, new() { MaskFill = MaskFill.Blurred }).Explain(photo);
why.Overlay().ToImageSharp().SaveAsPng("why-own-perturbation.png");
Console.WriteLine(why);

/// <summary>The opposite of occlusion: how probable is the class when one soft spot of the picture is seen?</summary>
internal sealed class Spotlight(ImageModel model, MaskOptions? options = null) : MaskExplainer(model, options)
{
    private const int Grid = 14;

    public override string Name => "Spotlight";

    protected override IReadOnlyList<RawMap> Compute(MethodContext picture)
    {
        float[][] scores = picture.ScoreMasks(Grid * Grid, WriteSpot, ScoredValue.Probability);
        return picture.ForEachTarget(t => new SaliencyMap(Grid, Grid, scores[t]));

        void WriteSpot(int spot, Span<float> mask)
        {
            (float y, float x) = ((spot / Grid) + 0.5f, (spot % Grid) + 0.5f);
            for (int i = 0; i < mask.Length; i++)
            {
                float dy = ((float)(i / picture.Width) / picture.Height * Grid) - y;
                float dx = ((float)(i % picture.Width) / picture.Width * Grid) - x;
                mask[i] = MathF.Exp(-((dx * dx) + (dy * dy)) / 8);
            }
        }
    }
}
