// Both image libraries have the same verbs. An application has one of them, and "using ScoreCam.ImageSharp" or
// "using ScoreCam.Skia" is enough. This sample has both, so the classes with the verbs have names.
using ScoreCam;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using SkiaSharp;
using Sharp = ScoreCam.ImageSharp.ImageSharpExtensions;
using Skia = ScoreCam.Skia.SkiaExtensions;

string path = args is [var given, ..] ? given : "photos/chelsea.png";
using var model = ImageModel.Load("models/squeezenet1.1");
var explainer = new ScoreCamExplainer(model);

// ImageSharp
using Image<Rgb24> image = Image.Load<Rgb24>(path);
image.Mutate(x => x.AutoOrient());
Explanation one = explainer.Explain(Sharp.ToRgbImage(image));
using Image<Rgb24> drawn = Sharp.ToImageSharp(one.Overlay());
drawn.Mutate(x => x.Resize(drawn.Width / 2, drawn.Height / 2));
drawn.SaveAsPng("why-imagesharp.png");

// SkiaSharp
using SKBitmap bitmap = SKBitmap.Decode(path);
Explanation other = explainer.Explain(Skia.ToRgbImage(bitmap));
using SKBitmap drawnToo = Skia.ToSkia(other.Overlay());
using (var canvas = new SKCanvas(drawnToo))
using (var white = new SKPaint { Color = SKColors.White, IsStroke = true, StrokeWidth = 4 })
    canvas.DrawRect(SKRect.Create(drawnToo.Width, drawnToo.Height), white);
using (SKData png = drawnToo.Encode(SKEncodedImageFormat.Png, 100))
    File.WriteAllBytes("why-skia.png", png.ToArray());

float difference = one.Map.Values.ToArray().Zip(other.Map.Values.ToArray(), (a, b) => MathF.Abs(a - b)).Max();
Console.WriteLine($"{one.TargetName} {one.Probability:P0} and {other.TargetName} {other.Probability:P0}");
Console.WriteLine($"The maps differ by {difference:0.000}.");
