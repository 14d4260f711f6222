#:project ../../src/ScoreCam.Skia/ScoreCam.Skia.csproj
#:package SkiaSharp.NativeAssets.Linux.NoDependencies
#:property PublishAot=false
#:property IsPackable=false

// Draws eng/package/icon.png, 128 × 128: a cat's head under the heat of a saliency map. Run: dotnet run
// eng/icon/Icon.cs eng/package/icon.png
using ScoreCam.Imaging;
using ScoreCam.Skia;

const int Side = 128, Fine = 4;
byte[] picture = new byte[3 * Side * Fine * Side * Fine];
float[] heat = new float[Side * Fine * Side * Fine];
for (int y = 0, i = 0; y < Side * Fine; y++)
    for (int x = 0; x < Side * Fine; x++, i++)
    {
        double u = Math.Abs(((x + 0.5) / Fine) - 64), v = ((y + 0.5) / Fine) - 64;
        bool fur = Head(u, v) && !Features(u, v);
        ((byte[])(fur ? [236, 232, 220] : [22, 26, 48])).CopyTo(picture, 3 * i);
        heat[i] = fur ? (float)(0.12 + (0.85 * Math.Exp(-1.5 * (Math.Pow(u / 42, 2) + Math.Pow((v - 8) / 36, 2))))) : 0;
    }

RgbImage drawn = Overlay.Draw(new(Side * Fine, Side * Fine, picture), new(Side * Fine, Side * Fine, heat),
    new() { Opacity = 1, OpacityFollowsMap = true });
drawn.Resize(Side, Side).SavePng(args[0]);

// Coordinates in pixels from the centre; the head is symmetric, so u is never negative.
static bool Head(double u, double v)
{
    bool skull = Math.Pow(u / 50, 2) + Math.Pow((v - 10) / 41, 2) <= 1;
    bool ear = u > 8 && v < 5 && v > -50 + (Math.Abs(u - 38) * (u > 38 ? 4.5 : 1.5));
    return skull || ear;
}

static bool Features(double u, double v)
{
    bool eye = Math.Pow((u - 20) / 8, 2) + Math.Pow((v - 2) / 9.5, 2) <= 1;
    bool nose = v is > 18 and < 26 && u < (26 - v) * 0.9;
    return eye || nose;
}
