using System.Text;
using ScoreCam.IO;

namespace ScoreCam.Fuzz.Targets;

/// <summary>Class names: text, JSON, <c>config.json</c>, and a model's metadata.</summary>
internal sealed class LabelsTarget : FuzzTarget
{
    private static readonly string[] Files =
    [
        "tench\ngoldfish, Carassius auratus\nwhite shark\n", "0 tench\n1: goldfish\n2\tshark\n",
        "n01440764 tench\nn01443537 goldfish\n", "[\"tench\", \"gold\\u00fcfish\", [\"n01440764\", \"shark\"]]",
        "{\"0\": \"tench\", \"1\": [\"n01443537\", \"goldfish\"], \"2\": \"shark\"}",
        "{\"architectures\": [\"ResNet\"], \"id2label\": {\"0\": \"no\", \"1\": \"yes\",}, /* both */ "
            + "\"label2id\": {}}",
        "{0: 'tench', 1: \"it's\", 2: 'gold\\u00fc\\x41\\U0001f41f'}", "['tench', 'goldfish']", "{}",
            "\ufefftench\r\ngoldfish\r\n",
        "{'tench': 0, \"it's\": 1}", "[('n01440764', 'tench'), ('n01443537', 'goldfish')]",
        "index,name\n0,\"tench, Tinca\"\n1,goldfish\n", "tench 0\ngoldfish 1\nshark 2\n",
        "path: data\nnames:\n  0: tench\n  1: 'it''s' # a comment\nnc: 2\n", "names: [tench, \"gold, fish\"]\n",
        "{\"tench\": 0, \"goldfish\": 1, \"id2label\": null}", "{\"labels\": [\"tench\", \"goldfish\"]}",
        "{\"label_names\": [\"n01440764\"], \"label_descriptions\": {\"n01440764\": \"tench\"}}",
        "- tench\n- goldfish\n", "names: {0: tench, 1: goldfish}\n",
    ];

    public override string Name => "labels";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. Files.Select(Encoding.UTF8.GetBytes)];

    /// <summary>A line of two bytes gives a text and two matches.</summary>
    public override long AllowedBytes(int length) => (1 << 19) + (2048L * length);

    public override byte[] Mutate(byte[] seed, Random random) => Mutations.TextMutator.Mutate(seed, random, Seeds);

    public override void Read(byte[] file)
    {
        // The same text is used in each of the three places that contain class names.
        string text = Encoding.UTF8.GetString(file);
        Exception? refusal = Refusal(() =>
            LabelFile.FindInMetadata(new Dictionary<string, string> { ["names"] = text }, "model"));
        refusal = Refusal(() => LabelFile.FindInConfig(text, "config.json")) ?? refusal;
        ClassLabels labels = ClassLabels.Parse(text);
        if (labels.Count < 1)
            throw new FuzzFailure("There are no labels.");
        if (refusal is not null)
            throw refusal;
    }

    public override bool IsDocumented(Exception exception) => exception is InvalidDataException;

    /// <summary>An exception that is not documented is not caught.</summary>
    private static InvalidDataException? Refusal(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (InvalidDataException e)
        {
            return e;
        }
    }
}
