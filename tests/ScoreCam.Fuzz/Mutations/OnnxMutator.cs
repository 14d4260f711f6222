using System.Text;
using Google.Protobuf;

namespace ScoreCam.Fuzz.Mutations;

/// <summary>
/// Changes the fields of a model. Each change is a mistake or an attack that changes of single bytes rarely produce.
/// </summary>
internal static class OnnxMutator
{
    private static readonly ulong[] Numbers =
        [0, 1, 2, 3, 4, 16, 127, 128, 255, 1 << 16, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, long.MaxValue,
        1UL << 63, ulong.MaxValue];
    private static readonly string[] Operators =
        ["Identity", "Softmax", "Conv", "Add", "Mul", "MatMul", "Gemm", "If", "Constant", "Reshape", "Transpose",
        "QuantizeLinear", "DequantizeLinear", "GlobalAveragePool", "ArgMax", "ReduceMean", "Shape"];
    private static readonly string[] Paths =
        ["../../etc/passwd", "/etc/passwd", "..\\x", "a/../../b", ".", "", "\0", "weights.bin", "//host/share",
        "C:\\x"];

    /// <summary>One to three changes, of fields or of bytes.</summary>
    public static byte[] Mutate(byte[] seed, Random random, IReadOnlyList<byte[]> others)
    {
        byte[] bytes = seed;
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            List<FieldSite> sites = random.Next(5) == 0 ? [] : OnnxFields.Of(bytes);
            bytes = sites.Count == 0 ? ByteMutator.Mutate(bytes, random, others)
                : Change(bytes, sites, random.Next(sites.Count), random);
        }
        return bytes;
    }

    private static byte[] Change(byte[] model, List<FieldSite> sites, int at, Random random)
    {
        FieldSite site = sites[at];
        ReadOnlySpan<byte> field = model.AsSpan(site.Start, site.End - site.Start),
            content = model.AsSpan(site.Content, site.End - site.Content);
        switch (random.Next(11))
        {
            case 0:
                // The model is truncated at the boundary of a field: before the tag, after the length, or after the
                // content.
                return model[..(random.Next(3) switch { 0 => site.Start, 1 => site.Content, _ => site.End })];
            case 1:
                return Replace(model, sites, at, []);
            case 2:
                return Replace(model, sites, at, Repeated(field, random.Next(10) == 0 ? random.Next(1, 300) : 2));
            case 3:
                // A wrong length. The lengths around it are unchanged or corrected.
                byte[] lying = site.Wire == 2
                    ? [.. Varint(Tag(site)), .. Varint(Length(content.Length, random)), .. content]
                    : [.. Varint(Tag(site)), .. Varint(Number(random))];
                return random.Next(2) == 0 ? Replace(model, sites, at, lying)
                    : [.. model[..site.Start], .. lying, .. model[site.End..]];
            case 4:
                // Another field number or wire type for the same bytes.
                return Replace(model, sites, at,
                    [.. Varint(random.Next(4) == 0 ? Number(random) : (ulong)random.Next(1, 210)),
                    .. model[(site.Start + 1)..site.End]]);
            case 5:
                // A copy of this field in another place, in the same message or another. This gives unsorted and cyclic
                // graphs, or a node in a tensor.
                FieldSite other = sites[random.Next(sites.Count)];
                return other.Wire == 2 && (other.Start <= site.Start || other.Start >= site.End)
                    ? Replace(model, sites, sites.IndexOf(other),
                        [.. Field(other.Number, [.. model[other.Content..other.End], .. field])])
                    : Replace(model, sites, at, Repeated(field, 2));
            case 6 when site.Wire == 2:
                return Replace(model, sites, at, Field(site.Number, Name(random)));
            case 7 when site.Wire == 2:
                // The content of another field. This gives tensors of the same name, and exchanged attributes and
                // types.
                FieldSite[] alike = [.. sites.Where(s => s.Wire == 2 && s.Holds == site.Holds)];
                FieldSite like = alike[random.Next(alike.Length)];
                return Replace(model, sites, at, Field(site.Number, model[like.Content..like.End]));
            case 8 when site.Holds is Message.Graph or Message.Node or Message.Attribute:
                return Replace(model, sites, at,
                    Nested(site, content.ToArray(), random.Next(6) == 0 ? random.Next(3000) : random.Next(1, 8)));
            case 9 when site.Wire == 2:
                return Replace(model, sites, at,
                    [.. Varint(Tag(site)), .. Overlong((ulong)content.Length, random.Next(1, 11)), .. content]);
            default:
                return site.Wire == 0 ? Replace(model, sites, at, [.. Varint(Tag(site)), .. Varint(Number(random))])
                    : Replace(model, sites, at,
                        Field(site.Number, Encoding.UTF8.GetBytes(random.Next(2) == 0
                        ? Operators[random.Next(Operators.Length)] : Paths[random.Next(Paths.Length)])));
        }
    }

    /// <summary>Replaces the bytes of a field, and corrects the lengths of the messages around it.</summary>
    public static byte[] Replace(byte[] model, List<FieldSite> sites, int at, byte[] replacement)
    {
        FieldSite site = sites[at];
        while (site.Parent >= 0)
        {
            FieldSite parent = sites[site.Parent];
            replacement = Field(parent.Number,
                [.. model[parent.Content..site.Start], .. replacement, .. model[site.End..parent.End]]);
            site = parent;
        }
        return [.. model[..site.Start], .. replacement, .. model[site.End..]];
    }

    /// <summary>Names of many lengths, as valid or invalid UTF-8.</summary>
    private static byte[] Name(Random random)
    {
        int length = random.Next(8) switch
        {
            0 => random.Next(1, 100_001),
            1 or 2 => random.Next(1, 1000),
            3 =>
            0,
            _ => random.Next(1, 20)
        };
        byte[] name = new byte[length];
        switch (random.Next(3))
        {
            case 0:
                random.NextBytes(name);
                break;
            case 1:
                Array.Fill(name, (byte)random.Next('a', 'z'));
                break;
            default:
                Encoding.UTF8.GetBytes("größe/層").AsSpan(0, Math.Min(length, 11)).CopyTo(name);
                break;
        }
        return name;
    }

    private static byte[] Nested(FieldSite site, byte[] content, int times)
    {
        for (; times > 0 && content.Length < 1 << 18; times--)
            content = site.Holds switch
            {
                Message.Graph => Field(1,
                    [.. Field(4, "If"u8), .. Field(5, [.. Field(1, "then_branch"u8), .. Field(6, content)])]),
                Message.Node => [.. Field(4, "If"u8), .. Field(5, Field(6, Field(1, content)))],
                _ => Field(6, Field(1, Field(5, content))),
            };
        return Field(site.Number, content);
    }

    private static byte[] Repeated(ReadOnlySpan<byte> field, int times)
    {
        times = Math.Min(times, Math.Max(1, (1 << 20) / Math.Max(1, field.Length)));
        byte[] all = new byte[field.Length * times];
        for (int i = 0; i < times; i++)
            field.CopyTo(all.AsSpan(i * field.Length));
        return all;
    }

    private static ulong Number(Random random) =>
        random.Next(3) == 0 ? (ulong)random.NextInt64() : Numbers[random.Next(Numbers.Length)];

    private static ulong Length(int length, Random random) =>
        random.Next(4) switch
        {
            0 => (ulong)length + 1,
            1 => (ulong)Math.Max(0, length - 1),
            2 =>
        (ulong)random.Next(length + 1),
            _ => Number(random)
        };

    private static ulong Tag(FieldSite site) => ((ulong)site.Number << 3) | (uint)site.Wire;

    private static byte[] Field(int number, ReadOnlySpan<byte> content) =>
        [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Varint(ulong value)
    {
        byte[] bytes = new byte[CodedOutputStream.ComputeUInt64Size(value)];
        using CodedOutputStream output = new(bytes);
        output.WriteUInt64(value);
        output.Flush();
        return bytes;
    }

    /// <summary>A number in more bytes than it needs. Eleven bytes are too many.</summary>
    private static byte[] Overlong(ulong value, int length)
    {
        byte[] bytes = [.. Varint(value)];
        if (length <= bytes.Length)
            return bytes;
        bytes[^1] |= 0x80;
        return [.. bytes, .. Enumerable.Repeat((byte)0x80, length - bytes.Length - 1), 0];
    }
}
