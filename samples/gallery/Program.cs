// Makes every picture of README.md and docs/, from the free photographs in photos/ and the networks in
// models/squeezenet1.1 and models/vit-cifar10. Run it in the root of the repository: dotnet run --project
// samples/gallery [FOLDER]
using Gallery;

string folder = args is [var given, ..] ? given : "docs/images";
Directory.CreateDirectory(folder);
using var studio = new Studio(folder);

studio.Questions();
studio.WrongAnswer();
studio.Steps();
studio.Layers();
studio.Presets();
studio.Options();
studio.Page();
studio.Methods();
studio.Transformer();
