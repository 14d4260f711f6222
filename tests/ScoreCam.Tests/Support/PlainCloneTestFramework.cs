using System.Collections.Concurrent;
using System.Reflection;
using ScoreCam.Tests.Support;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestFramework(typeof(PlainCloneTestFramework))]

namespace ScoreCam.Tests.Support;

/// <summary>
/// Runs tests as xunit does. In a clone without the data folder <c>shared</c>, all tests that need it are reported as
/// one skipped test, whose reason gives their number.
/// </summary>
internal sealed class PlainCloneTestFramework : XunitTestFramework
{
    protected override ITestFrameworkExecutor CreateExecutor(Assembly assembly)
    {
        ITestFrameworkExecutor usual = base.CreateExecutor(assembly);
        return Directory.Exists(SharedData.Root) ? usual : new Executor(usual);
    }

    private sealed class Executor(ITestFrameworkExecutor usual) : ITestFrameworkExecutor
    {
        public ValueTask RunTestCases(
            IReadOnlyCollection<ITestCase> testCases,
            IMessageSink executionMessageSink,
            ITestFrameworkExecutionOptions executionOptions,
            CancellationToken? cancellationToken) =>
            usual.RunTestCases(testCases, new Summary(executionMessageSink), executionOptions, cancellationToken);
    }

    /// <summary>Passes messages on, but keeps those of tests that need the data folder until the end.</summary>
    private sealed class Summary(IMessageSink inner) : IMessageSink
    {
        private readonly ConcurrentDictionary<string, List<IMessageSinkMessage>> _running = new();
        private readonly ConcurrentDictionary<string, IMessageSinkMessage> _starts = new();
        private readonly Lock _lock = new();
        private List<IMessageSinkMessage> _example = [];
        private int _skipped;

        public bool OnMessage(IMessageSinkMessage message)
        {
            switch (message)
            {
                // The runner needs these again before it reports the example.
                case ITestCollectionStarting start:
                    _starts[start.TestCollectionUniqueID] = message;
                    break;
                case ITestClassStarting { TestClassUniqueID: { } id }:
                    _starts[id] = message;
                    break;
                case ITestMethodStarting { TestMethodUniqueID: { } id }:
                    _starts[id] = message;
                    break;
                case ITestCaseStarting start:
                    _starts[start.TestCaseUniqueID] = message;
                    break;
                case ITestStarting start:
                    _running[start.TestUniqueID] = [message];
                    return true;
                case ITestFinished finished when _running.TryRemove(finished.TestUniqueID, out var messages):
                    return OnFinished([.. messages, message]);
                case ITestMessage test when _running.TryGetValue(test.TestUniqueID, out var messages):
                    lock (messages)
                        messages.Add(message);
                    return true;
                case ITestAssemblyFinished:
                    Report();
                    break;
            }
            return inner.OnMessage(message);
        }

        private bool OnFinished(List<IMessageSinkMessage> messages)
        {
            if (messages.OfType<ITestSkipped>().Any(skipped => skipped.Reason.Contains(SharedData.Absent)))
            {
                lock (_lock)
                {
                    _skipped++;
                    _example = messages;
                }
                return true;
            }
            return messages.TrueForAll(inner.OnMessage);
        }

        private void Report()
        {
            if (_example.OfType<ITestSkipped>().FirstOrDefault() is not { } skipped)
                return;
            string?[] ids =
            [
                skipped.TestCollectionUniqueID,
                skipped.TestClassUniqueID,
                skipped.TestMethodUniqueID,
                skipped.TestCaseUniqueID,
            ];
            foreach (string id in ids.OfType<string>())
                if (_starts.TryGetValue(id, out IMessageSinkMessage? start))
                    inner.OnMessage(start);
            foreach (IMessageSinkMessage message in _example)
                inner.OnMessage(message == skipped ? WithSummary(skipped) : message);
        }

        private TestSkipped WithSummary(ITestSkipped skipped) => new()
        {
            AssemblyUniqueID = skipped.AssemblyUniqueID,
            TestCollectionUniqueID = skipped.TestCollectionUniqueID,
            TestClassUniqueID = skipped.TestClassUniqueID,
            TestMethodUniqueID = skipped.TestMethodUniqueID,
            TestCaseUniqueID = skipped.TestCaseUniqueID,
            TestUniqueID = skipped.TestUniqueID,
            ExecutionTime = skipped.ExecutionTime,
            FinishTime = skipped.FinishTime,
            Output = skipped.Output,
            Warnings = skipped.Warnings,
            Reason = $"{_skipped} tests need the folder 'shared' next to the repository, this one among them. It is "
                + "not part of the repository: a clone without it skips them, as expected.",
        };
    }
}
