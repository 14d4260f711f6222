using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ScoreCam.Onnx.Runtime;

/// <summary>
/// Memory for one batch of pictures and its scores, reused from run to run. Used by one thread at a time. A network
/// with a fixed batch size always gets a full batch. Unused pictures are zero, and their scores are not read.
/// </summary>
internal sealed class BatchBuffer : IDisposable
{
    private readonly NetworkSession _session;
    private readonly ImageInput _input;
    private readonly int _height;
    private readonly int _width;
    private readonly int _pictureLength;
    private readonly float[] _staging;
    private readonly Dictionary<int, Slots> _slots = [];
    private float[] _scratch = [];
    private float[] _scores = [];
    private float[] _classScores = [];

    public BatchBuffer(NetworkSession session, ImageInput input, int capacity, int height, int width)
    {
        (_session, _input, Capacity, _height, _width) = (session, input, input.Batch ?? capacity, height, width);
        _pictureLength = checked(input.Channels * height * width);
        if ((long)Capacity * _pictureLength > Array.MaxLength)
            throw new ArgumentException(
                $"A batch of {Capacity} pictures of {input.Channels} × {height} × {width} values is more than an array "
                + $"holds; ask for less in ModelOptions.{nameof(ModelOptions.BatchSize)}, or for smaller pictures.");
        _staging = new float[Capacity * _pictureLength];
        Mask = new float[height * width];
    }

    /// <summary>The number of pictures per run.</summary>
    public int Capacity { get; }

    /// <summary>The shape of the scores of the last run.</summary>
    public IReadOnlyList<long> ScoreShape { get; private set; } = [];

    /// <summary>Scratch memory for one mask, height × width.</summary>
    public float[] Mask { get; }

    public bool Fits(int height, int width) => (height, width) == (_height, _width);

    /// <summary>Returns the memory of one picture, in the network's layout.</summary>
    public Span<float> Picture(int index) => _staging.AsSpan(index * _pictureLength, _pictureLength);

    /// <summary>Returns scratch memory for interpolation.</summary>
    public Span<float> ScratchOf(int length) => Grown(ref _scratch, length);

    /// <summary>Returns memory for the scores of all classes on one picture.</summary>
    public Span<float> ClassScores(int classes) => Grown(ref _classScores, classes);

    /// <summary>Scores the first pictures. The result, pictures × values, is valid until the next run.</summary>
    public ReadOnlySpan<float> Score(RunOptions options, int pictures)
    {
        Slots slots = Fill(pictures);
        if (slots.Output is null)
        {
            slots.Output = _session.Run(options, slots.Input[0]);
            slots.Scores = new TensorValues(slots.Output[0]);
        }
        else
        {
            _session.Run(options, slots.Input, slots.Output);
        }
        return ReadScores(slots.Scores!, pictures);
    }

    /// <summary>Scores the first picture and reads the tapped activations.</summary>
    public ReadOnlySpan<float> ScoreAndTap(RunOptions options, out TensorBatch[] taps)
    {
        OrtValue[] results = _session.Run(options, Fill(1).Input[0], withTaps: true);
        try
        {
            taps = [.. results.Skip(1).Select(tap => new TensorValues(tap).ReadAll())];
            return ReadScores(new TensorValues(results[0]), 1);
        }
        finally
        {
            foreach (OrtValue result in results)
                result.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (Slots slots in _slots.Values)
        {
            slots.Input[0].Dispose();
            slots.Output?[0].Dispose();
        }
    }

    private Slots Fill(int pictures)
    {
        int batch = _input.Batch ?? pictures;
        if (!_slots.TryGetValue(batch, out Slots? slots))
        {
            long[] shape = _input.Shape(batch, _height, _width);
            // A float32 network reads the staging memory directly. Other networks get a converted copy.
            Memory<float> staged = _staging.AsMemory(0, batch * _pictureLength);
            slots = new([_input.ElementType == TensorElementType.Float
                ? OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, staged, shape)
                : OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, _input.ElementType, shape)]);
            _slots.Add(batch, slots);
        }

        _staging.AsSpan(pictures * _pictureLength).Clear();
        Convert(_staging.AsSpan(0, batch * _pictureLength), slots.Input[0]);
        return slots;
    }

    private void Convert(ReadOnlySpan<float> values, OrtValue tensor)
    {
        switch (_input.ElementType)
        {
            case TensorElementType.Float16:
                // The conversion would give infinity, and the network could hide its effect.
                if (TensorPrimitives.MaxMagnitude(values) is var largest && MathF.Abs(largest) > (float)Half.MaxValue)
                    throw new ScoreCamException(
                        $"The prepared picture contains {largest}, and the network takes float16 numbers up to "
                        + $"{(float)Half.MaxValue}. Check the preprocessing.");
                Span<Float16> halves = tensor.GetTensorMutableDataAsSpan<Float16>();
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<Float16, Half>(halves));
                break;
            case TensorElementType.UInt8:
                Span<byte> bytes = tensor.GetTensorMutableDataAsSpan<byte>();
                for (int i = 0; i < values.Length; i++)
                    bytes[i] = (byte)Math.Clamp(MathF.Round(values[i]), 0, 255);
                break;
        }
    }

    private ReadOnlySpan<float> ReadScores(TensorValues scores, int pictures)
    {
        ScoreShape = scores.Shape;
        int batch = _input.Batch ?? pictures;
        // If the number of values is not the same for each picture, all values are read. The count then shows what is
        // wrong.
        int count = scores.Count % batch == 0 ? scores.Count / batch * pictures : scores.Count;
        Span<float> values = Grown(ref _scores, count);
        scores.Read(0, values);
        return values;
    }

    private static Span<float> Grown(ref float[] array, int length)
    {
        if (array.Length < length)
            array = new float[length];
        return array.AsSpan(0, length);
    }

    private sealed class Slots(OrtValue[] input)
    {
        public OrtValue[] Input => input;
        public OrtValue[]? Output;
        public TensorValues? Scores;
    }
}
