using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ScoreCam.Images;

namespace ScoreCam.Benchmarks;

/// <summary>
/// The time of ONNX Runtime alone for one picture. The unmasked picture is run repeatedly in the fastest of the usual
/// arrangements.
/// </summary>
internal sealed class BareLimit : IDisposable
{
    private readonly Arrangement[] _arrangements;

    public BareLimit(BenchmarkNetwork network, ImageModel model, PreparedImage image)
    {
        int[] batches = model.Input.Batch is null ? [1, 2, 4, 8] : [model.Input.Batch.Value];
        int cores = Environment.ProcessorCount;
        _arrangements = [.. batches.SelectMany(batch => new[]
        {
            new Arrangement(network, model, image, batch, runners: 1, threads: cores),
            new Arrangement(network, model, image, batch, runners: cores, threads: 1),
        })];
    }

    /// <summary>Seconds per picture in the fastest arrangement, and the name of that arrangement.</summary>
    public (double Seconds, string Arrangement) Measure(int pictures) =>
        _arrangements.Select(a => (a.Measure(pictures), a.Name)).MinBy(result => result.Item1);

    public void Dispose()
    {
        foreach (Arrangement arrangement in _arrangements)
            arrangement.Dispose();
    }

    private sealed class Arrangement : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly OrtValue[] _inputs;
        private readonly string _input;
        private readonly string _output;
        private readonly int _batch;

        public Arrangement(BenchmarkNetwork network, ImageModel model, PreparedImage image, int batch, int runners,
            int threads)
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = threads,
                InterOpNumThreads = 1,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL
            };
            _session = new InferenceSession(network.Bytes, options);
            (_input, _output, _batch) = (_session.InputNames[0], _session.OutputNames[0], batch);
            Name = runners == 1 ? $"1 session × {threads} threads, batch {batch}"
                : $"{runners} runs × 1 thread, batch {batch}";
            _inputs = new OrtValue[runners];
            for (int r = 0; r < runners; r++)
            {
                _inputs[r] = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance,
                    TensorElementType.Float, [batch, image.Channels, image.Height, image.Width]);
                Span<float> values = _inputs[r].GetTensorMutableDataAsSpan<float>();
                for (int b = 0; b < batch; b++)
                    image.Tensor.CopyTo(values[(b * image.Tensor.Length)..]);
            }
            Measure(runners * batch);
        }

        public string Name { get; }

        public double Measure(int pictures)
        {
            int runs = Math.Max(1, pictures / (_batch * _inputs.Length));
            var time = Stopwatch.StartNew();
            Thread[] threads = [.. _inputs.Select(input => new Thread(() => Loop(input, runs)))];
            foreach (Thread thread in threads)
                thread.Start();
            foreach (Thread thread in threads)
                thread.Join();
            return time.Elapsed.TotalSeconds / (runs * _batch * _inputs.Length);
        }

        public void Dispose()
        {
            foreach (OrtValue input in _inputs)
                input.Dispose();
            _session.Dispose();
        }

        private void Loop(OrtValue input, int runs)
        {
            using var options = new RunOptions();
            for (int i = 0; i < runs; i++)
                _session.Run(options, [_input], [input], [_output]).Dispose();
        }
    }
}
